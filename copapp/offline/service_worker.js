// The service worker. `site.py` writes two constants before this: BUILD, and FILES, every address that is kept with the digest of
// what stands there. Nothing else is kept or handed out: a captive portal's login page answers 200 for any address.
const KEPT = "copapp";
const CALENDARS = "calendars";
const OFFER = "offer";
// Workbox kept the files of earlier builds here, and took any 200 for one of them.
const EARLIER = `workbox-precache-v2-${self.registration.scope}`;

const SLOTS = "/api/v1/slots";
const SHELL = "/__spa-fallback";
const CALENDAR = /^\/api\/v1\/events\/[^/]+\.ics$/;
const SERVER_ONLY = /^\/(api\/|_event|admin)|\.(ics|xml|json|pdf|atom|txt)$/i;

const AT_ONCE = 4;
const GIVE_UP_MS = 60_000;
const PATIENCE_MS = 5_000;
const SPREAD_MS = 2_000;

const keyOf = (path) => `${path}?${FILES[path]}`;

/** As the front door reckons ETags (shelf.py); "" of a body that breaks off. */
async function digestOf(response) {
  const body = await response.clone().arrayBuffer().catch(() => null);
  if (!body) return "";
  const hash = await crypto.subtle.digest("SHA-256", body);
  return [...new Uint8Array(hash, 0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether an answer is whole and the server's: its ETag is the digest of its content, which nobody in between knows to write. */
async function isOurs(response) {
  const etag = /^(?:W\/)?"([0-9a-f]{24})"$/.exec(response?.headers.get("ETag"))?.[1];
  return Boolean(etag) && response.ok && etag === (await digestOf(response));
}

const isFile = async (response, path) => Boolean(response?.ok) && (await digestOf(response)) === FILES[path];
const isCalendar = async (response) => Boolean(response?.headers.get("Content-Type")?.startsWith("text/calendar")) && isOurs(response);
const isRefusal = (response) => Boolean(response?.headers.get("Content-Type")?.startsWith("application/problem+json"));

const ask = (path, cache) => fetch(path, { cache, redirect: "error", signal: AbortSignal.timeout(GIVE_UP_MS) });

/** Fetch a file. The page has loaded the hashed ones already, so the browser's cache is asked for them, but not believed. */
async function bring(path) {
  if (path.startsWith("/assets/")) {
    const response = await ask(path, "default").catch(() => null);
    if (await isFile(response, path)) return response;
  }
  const response = await ask(path, "reload");
  if (!(await isFile(response, path))) throw new Error(`${path} is not the server's`);
  return response;
}

async function keep(path) {
  const kept = await caches.open(KEPT);
  if (!(await isFile(await kept.match(keyOf(path)), path))) await kept.put(keyOf(path), await bring(path));
}

/** Everything or nothing: one file that is not ours ends the installation. What was brought until then serves the next one. */
async function keepAll() {
  const left = Object.keys(FILES);
  const next = async () => { while (left.length) await keep(left.pop()); };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  } finally {
    left.length = 0;
  }
}

/** When we can be met, for a phone that is offline before anybody looks at it (store/offer.js). Not all phones ask in one moment. */
async function keepOffer() {
  await new Promise((done) => setTimeout(done, Math.random() * SPREAD_MS));
  const response = await ask(SLOTS, "no-cache");
  if (await isOurs(response)) await (await caches.open(OFFER)).put(SLOTS, response);
}

/** Whether what an earlier worker kept is not ours. Such a phone's pages cannot ask for this worker. */
async function isDamaged() {
  if (!(await caches.has(EARLIER))) return false;
  const kept = await caches.open(EARLIER);
  for (const request of await kept.keys()) if (!(await isOurs(await kept.match(request)))) return true;
  return false;
}

/** Whether the worker in force is none of the app's: an empty answer makes one too. Each of ours tells its build. */
function isStranger(worker) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => resolve(false);
    setTimeout(() => resolve(true), PATIENCE_MS);
    worker.postMessage({ type: "BUILD" }, [port2]);
  });
}

/** Forget what earlier workers kept, unless a newer one is about to come: it needs what it has brought. */
async function tidy() {
  await caches.delete(EARLIER);
  if (self.registration.installing || self.registration.waiting) return;
  const kept = await caches.open(KEPT);
  const wanted = new Set(Object.keys(FILES).map((path) => new URL(keyOf(path), location.href).href));
  for (const request of await kept.keys()) if (!wanted.has(request.url)) await kept.delete(request);
}

async function reloadAll() {
  for (const client of await self.clients.matchAll({ type: "window" })) {
    const { origin, pathname, search } = new URL(client.url);
    if (!SERVER_ONLY.test(pathname)) client.navigate(origin + pathname + search).catch(() => {}); // awaited, it would wait for us
  }
}

/** Not every browser lets a worker see or ask the one in force: then only the damage tells, and the installation goes on. */
async function mustTakeOver() {
  const { active } = self.registration;
  return (await isDamaged()) || (active ? isStranger(active) : false);
}

async function install() {
  const offer = keepOffer().catch(() => {});
  const [isNeeded] = await Promise.all([mustTakeOver().catch(() => false), keepAll()]);
  await Promise.race([offer, new Promise((done) => setTimeout(done, PATIENCE_MS))]); // all the rest works without it
  if (isNeeded) self.skipWaiting();
}

async function activate() {
  const wasDamaged = await isDamaged();
  await tidy();
  await self.clients.claim();
  if (wasDamaged) await reloadAll();
}

// A phone whose storage is full or broken still has the network.
const recall = (name, key) => caches.open(name).then((kept) => kept.match(key, { ignoreVary: true })).catch(() => undefined);
const remember = (name, key, response) => caches.open(name).then((kept) => kept.put(key, response)).catch(() => {});

/** What is kept, as long as it is ours; else the server's file, which is kept in its place. */
async function serve(path, event) {
  const found = await recall(KEPT, keyOf(path));
  if (await isFile(found, path)) return found;
  const brought = await bring(path).catch(() => null);
  if (!brought) return pass(event.request);
  event.waitUntil(remember(KEPT, keyOf(path), brought.clone()));
  return brought;
}

/** A page may be the network's own, to sign in there; a part of a page may not. */
async function pass(request) {
  const answer = await fetch(request);
  return request.mode === "navigate" || (await isOurs(answer)) ? answer : Response.error();
}

/** The server's calendar file, else soon the one that it gave last; whoever asks past caches wants the server's alone. */
async function calendar(request) {
  const found = request.cache === "no-cache" ? undefined : await recall(CALENDARS, request);
  const isKept = await isCalendar(found);
  // Past the browser's cache: a login page may lie there.
  const answer = await fetch(request, { cache: "reload", ...(isKept && { signal: AbortSignal.timeout(PATIENCE_MS) }) }).catch(() => null);
  if (await isCalendar(answer)) await remember(CALENDARS, request, answer.clone());
  else if (isKept && !isRefusal(answer)) return found;
  return answer ?? Response.error();
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("message", (event) => {
  if (event.data?.type === "SKIP_WAITING") self.skipWaiting();
  if (event.data?.type === "BUILD") event.ports[0].postMessage(BUILD);
});

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (pathname in FILES) event.respondWith(serve(pathname, event));
  else if (CALENDAR.test(pathname)) event.respondWith(calendar(event.request));
  else if (mode === "navigate" && !SERVER_ONLY.test(pathname)) event.respondWith(serve(SHELL, event));
});
