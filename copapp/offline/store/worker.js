// The service worker's page side: a new build is offered, new data of the same build is taken in quietly.
import { embedded, set } from "./state.js";

const OFF = "off"; // what the switch answers that stands in for the worker (copapp/asgi.py)
const PATIENCE_MS = 5_000;
const WANTED = "copapp:update-wanted";

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
  finish(registration);
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

function switchTo(worker) {
  reloading = true;
  worker?.postMessage({ type: "SKIP_WAITING" });
}

/** A request that hangs in the old worker holds the new one back; a reload lets go of it, and `finish` sees it through. */
export function acceptUpdate() {
  sessionStorage.setItem(WANTED, "yes");
  set({ update: false });
  switchTo(waiting);
  setTimeout(reloadOnce, PATIENCE_MS);
}

/** After such a reload the old build may stand under the new worker, or the new one may still wait. At most once: no loop. */
async function finish(registration) {
  if (!sessionStorage.getItem(WANTED)) return;
  sessionStorage.removeItem(WANTED);
  const { controller } = navigator.serviceWorker;
  const build = controller && (await buildOf(controller));
  if (build && build !== embedded().build) location.reload();
  else if (registration.waiting) switchTo(registration.waiting);
}

export const dismissUpdate = () => set({ update: false });

export function startWorker() {
  if (!navigator.serviceWorker) return;
  navigator.serviceWorker.addEventListener("controllerchange", reloadOnce);
  const register = () => navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).then(watch, () => {});
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}
