// The service worker's page side: a new build is offered, new data of the same build is taken in quietly.
import { set } from "./state.js";

const OFF = "off"; // what the switch answers that stands in for the worker (copapp/asgi.py)
const PATIENCE_MS = 5_000;

let waiting = null;
let reloading = false;

const buildOf = (worker) =>
  new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => resolve(event.data);
    setTimeout(() => resolve(null), 2_000);
    worker.postMessage({ type: "BUILD" }, [channel.port2]);
  });

async function leave(registration) {
  for (const name of await caches.keys()) await caches.delete(name);
  await registration.unregister();
}

async function offer(registration) {
  if (!registration.waiting || !navigator.serviceWorker.controller) return;
  const [ours, theirs] = await Promise.all([buildOf(navigator.serviceWorker.controller), buildOf(registration.waiting)]);
  waiting = registration.waiting;
  if (!waiting) return;
  if (theirs === OFF) await leave(registration);
  else if (ours !== null && ours === theirs) waiting.postMessage({ type: "SKIP_WAITING" });
  else set({ update: true });
}

function watch(registration) {
  offer(registration);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => worker.state === "installed" && offer(registration));
  });
  document.addEventListener("visibilitychange", () => document.hidden || registration.update().catch(() => {}));
}

function reloadOnce() {
  if (!reloading) return;
  reloading = false;
  location.reload();
}

/** A request that hangs in the old worker holds the new one back; a reload lets go of it. */
export function acceptUpdate() {
  reloading = true;
  set({ update: false });
  waiting?.postMessage({ type: "SKIP_WAITING" });
  setTimeout(reloadOnce, PATIENCE_MS);
}

export const dismissUpdate = () => set({ update: false });

export function startWorker() {
  if (!navigator.serviceWorker) return;
  navigator.serviceWorker.addEventListener("controllerchange", reloadOnce);
  const register = () => navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).then(watch, () => {});
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}
