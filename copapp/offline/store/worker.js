// The service worker's page side: a new build is offered, new data of the same build is taken in quietly.
import { embedded, set } from "./state.js";

const OFF = "off"; // what the switch answers that stands in for the worker (copapp/asgi.py)
const PATIENCE_MS = 5_000;
const FIRST_RETRY_MS = 15_000;
const SLOWEST_RETRY_MS = 600_000;
const WANTED = "copapp:update-wanted";

let waiting = null;
let reloading = false;
let failures = 0;
let again;

const buildOf = (worker) =>
  new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => resolve(event.data);
    setTimeout(() => resolve(null), PATIENCE_MS);
    worker.postMessage({ type: "BUILD" }, [channel.port2]);
  });

async function leave(registration) {
  for (const name of await caches.keys()) await caches.delete(name);
  await registration.unregister();
}

/** Each waiting worker is offered once. One that tells no build is none of the app's, or slow: it is asked again later. */
async function offer(registration) {
  const { controller } = navigator.serviceWorker, found = registration.waiting;
  if (!found || found === waiting || !controller) return;
  const [known, theirs] = await Promise.all([buildOf(controller), buildOf(found)]);
  if (found !== registration.waiting) return;
  if (theirs === null) return retry();
  failures = 0;
  waiting = found;
  if (theirs === OFF) await leave(registration);
  else if (theirs === (known === OFF ? embedded().build : known)) found.postMessage({ type: "SKIP_WAITING" });
  else set({ update: true });
}

/** A worker that met anything but the server's own files is given up by the browser; the one before stays. */
function follow(registration) {
  const worker = registration.installing;
  if (!worker) return;
  let isInstalled = false;
  worker.onstatechange = () => {
    if (worker.state === "redundant" && !isInstalled) retry();
    if (worker.state !== "installed") return;
    isInstalled = true;
    failures = 0;
    offer(registration);
  };
}

/** Later each time, and never all phones at once. */
function retry() {
  failures += 1;
  clearTimeout(again);
  again = setTimeout(look, Math.min(SLOWEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1)) * (0.5 + Math.random()));
}

let watched = null;

function watch(registration) {
  follow(registration);
  offer(registration);
  if (registration === watched) return;
  watched = registration;
  finish(registration);
  registration.addEventListener("updatefound", () => follow(registration));
}

// It fails offline, and where a login page stands in the worker's place.
const register = () => navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });

/** A first installation that failed has left no registration behind. One removed under an open page comes back with its old worker. */
async function renew() {
  const known = await navigator.serviceWorker.getRegistration();
  const registration = known ?? (await register());
  if (known ?? navigator.serviceWorker.controller) await registration.update();
  return registration;
}

/** Ask whether there is a newer worker. */
const look = () => renew().then(watch, retry);

const start = () => register().then(watch, retry);

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
  addEventListener("online", () => failures && look());
  document.addEventListener("visibilitychange", () => document.hidden || look());
  if (document.readyState === "complete") start();
  else addEventListener("load", start, { once: true });
}
