// Requests for meetings: kept on this phone first, delivered once whatever the network does, then followed. What is shown
// as sent, the server has said; its answer is the only truth.
import { forget, namesOf, onOtherTab, read, write } from "./phone.js";
import { set, state } from "./state.js";

const ADDRESS = "/api/v1/meeting-requests";
const GIVE_UP_MS = 10_000;
const FOLLOW_MS = 4_000;
const FOLLOW_ELSEWHERE_MS = 60_000;
const SLOWEST_MS = 60_000;
const MOST_PUZZLES = 3;
const OTHER_TAB_MS = 15_000;

const OPEN = new Set(["pending", "proposed", "countered", "accepted"]);
const SETTLED_4XX = new Set([400, 403, 409, 413, 422]);
const PREFIX = "request:";
const linked = (token) => `link-${token}`;

/** A request as the server shows it; JSON of another shape is not the server's. */
const isView = (body) => typeof body?.status === "string" && Array.isArray(body.history);
const isKept = (value) => typeof value?.key === "string" && typeof value.status === "string" && typeof value.token === "string";

const recall = () => set({ requests: namesOf(PREFIX).map((name) => read(name, isKept, true)).filter(Boolean).sort((one, other) => other.at - one.at) });

function keep(request) {
  const kept = write(PREFIX + request.key, request);
  recall();
  return kept;
}

const ERASED = { status: "erased", view: null, form: null, problem: null };

const fresh = (key) => read(PREFIX + key, isKept) ?? null;

export function drop(key) {
  forget(PREFIX + key);
  recall();
}

const randomKey = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Keep a form and send it when the server can be reached; gives its key, "" where this phone cannot keep it. */
export function submit(form) {
  const key = randomKey();
  const kept = keep({ key, form, at: Date.now(), token: "", status: "queued", problem: null, view: null, etag: "", confirmed: null });
  if (kept) flush();
  return kept ? key : "";
}

/** A captive portal answers 200 too: only JSON of our own shape counts. */
async function call(path, options = {}) {
  const response = await fetch(ADDRESS + path, { cache: "no-store", signal: AbortSignal.timeout(GIVE_UP_MS), ...options });
  if (response.status === 304) return { response, body: null };
  if (!/^application\/(problem\+)?json/.test(response.headers.get("Content-Type") ?? "")) throw new Error("not our server");
  return { response, body: await response.json() };
}

const post = (path, body, headers = {}) => call(path, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });

async function send({ key, form }) {
  let proof = {};
  for (let tries = 0; ; tries += 1) {
    const answer = await post("", form, { "Idempotency-Key": key, ...proof });
    if (answer.response.status !== 428 || tries === MOST_PUZZLES) return answer;
    const { solve } = await import("./proof.js");
    proof = { "Copapp-Proof": `${answer.body.challenge}.${await solve(answer.body.challenge, key, answer.body.bits)}` };
  }
}

/** Keep what the server said. Where the phone is full, the form makes room: the server has it, or it was shown. */
function settle(key, said) {
  const request = fresh(key);
  if (!request || keep({ ...request, ...said })) return;
  if (!said.token || !keep({ ...request, ...said, form: null })) throw new Error("this phone cannot keep the answer");
}

async function deliver(key) {
  const request = fresh(key);
  if (request?.status !== "queued") return; // another tab was quicker
  const { response, body } = await send(request);
  if (response.ok && typeof body.token === "string" && typeof body.status === "string") {
    forget(PREFIX + linked(body.token)); // its link, from a mail, may have been opened before its answer came
    settle(key, { token: body.token, status: body.status, ...(body.status === "erased" && ERASED) });
    await look(key).catch(() => {});
  } else if (SETTLED_4XX.has(response.status) || body.code === "too_many_open") {
    settle(key, { status: "refused", problem: { code: body.code, errors: body.errors ?? [] } });
  } else {
    throw new Error(`the server answered ${response.status}`);
  }
}

let failures = 0;
let flushing = null;
let again;

async function flushAll() {
  const queued = state().requests.filter(({ status }) => status === "queued").reverse();
  let failed = null;
  for (const { key } of queued) await deliver(key).catch((error) => { failed = error; });
  if (failed) throw failed;
}

/** One tab at a time. Where there are no locks, or a tab sleeps over one, the server's unique key is the last word. */
async function alone(act) {
  if (!navigator.locks) return act();
  let hasBegun = false;
  const begin = () => { hasBegun = true; return act(); };
  return navigator.locks.request("copapp:requests", { signal: AbortSignal.timeout(OTHER_TAB_MS) }, begin).catch((error) => {
    if (hasBegun) throw error;
    return act();
  });
}

export function flush() {
  clearTimeout(again);
  if (!state().requests.some(({ status }) => status === "queued")) return Promise.resolve();
  flushing ??= alone(flushAll)
    .then(() => { failures = 0; set({ unreached: false }); }, () => {
      failures += 1;
      set({ unreached: true });
      again = setTimeout(flush, Math.min(SLOWEST_MS, 1_000 * 2 ** failures) * (0.5 + Math.random() / 2));
    })
    .finally(() => {
      flushing = null;
      if (!failures) flush(); // one may have been written meanwhile
    });
  return flushing;
}

let changes = 0;

function take(key, { response, body }) {
  const request = fresh(key);
  if (!request) return;
  if (response.status === 410) keep({ ...request, ...ERASED });
  else if (response.status === 404 && request.status === "unseen") keep({ ...request, status: "unknown" });
  else if (response.ok && isView(body)) keep({ ...request, status: body.status, view: body, etag: response.headers.get("ETag") ?? "", confirmed: state().now });
  else if (response.status === 304) keep({ ...request, confirmed: state().now });
}

/** Ask the server how a request stands. */
export async function look(key) {
  const request = fresh(key);
  if (!request?.token) return;
  const asked = changes;
  const answer = await call(`/${request.token}`, { headers: request.etag ? { "If-None-Match": request.etag } : {} });
  if (asked === changes) take(key, answer); // else it may tell how it stood before what was done here
}

/** Take in a request whose link was opened here, or that came from another phone. */
export async function adopt(token) {
  if (state().requests.some((request) => request.token === token)) return "known";
  const answer = await call(`/${token}`);
  if (answer.response.status === 404) return "unknown";
  if (answer.response.status === 410) return "erased";
  if (!answer.response.ok || !isView(answer.body)) throw new Error(`the server answered ${answer.response.status}`);
  keep({ key: linked(token), form: null, at: Date.parse(answer.body.created_at), token, status: answer.body.status, problem: null, view: answer.body, etag: answer.response.headers.get("ETag") ?? "", confirmed: state().now });
  return "known";
}

/** Keep tokens that came from another phone; they are looked at when the server can be reached. */
export function keepTokens(tokens) {
  const known = new Set(state().requests.map(({ token }) => token));
  for (const token of tokens) {
    if (!known.has(token)) keep({ key: linked(token), form: null, at: Date.now(), token, status: "unseen", problem: null, view: null, etag: "", confirmed: null });
  }
  follow();
}

/** Do one thing to a request; nothing changes here before the server has said so. Gives a problem's code, or "". */
async function change(key, ask) {
  try {
    const answer = await ask(fresh(key).token);
    changes += 1;
    take(key, answer);
    if (answer.response.ok) return "";
    await look(key).catch(() => {});
    return answer.body.code ?? "failed";
  } catch {
    return "unreached";
  }
}

export const answer = (key, given) => change(key, (token) => post(`/${token}/answer`, given));
export const cancel = (key) => change(key, (token) => post(`/${token}/cancel`, {}));

export async function erase(key) {
  try {
    const { response, body } = await call(`/${fresh(key).token}`, { method: "DELETE" });
    if (body.status !== "erased" && response.status !== 404) return "failed";
    changes += 1;
    keep({ ...fresh(key), ...ERASED });
    return "";
  } catch {
    return "unreached";
  }
}

let timer;
let watched = false;

async function follow() {
  clearTimeout(timer);
  const wanted = state().requests.filter(({ token, status }) => token && (OPEN.has(status) || status === "unseen"));
  if (!document.hidden) await Promise.allSettled(wanted.map(({ key }) => look(key)));
  clearTimeout(timer);
  timer = setTimeout(follow, (watched ? FOLLOW_MS : FOLLOW_ELSEWHERE_MS) * (0.8 + Math.random() * 0.4));
}

/** A page that shows requests wants them fresh. */
export function watch(isShown) {
  watched = isShown;
  if (isShown) follow();
}

let started = false;

export function startRequests() {
  if (started) return;
  started = true;
  recall();
  onOtherTab(PREFIX, recall);
  const wake = () => { flush(); follow(); };
  for (const name of ["online", "focus", "pageshow"]) addEventListener(name, wake);
  document.addEventListener("visibilitychange", () => document.hidden || wake());
  wake();
}
