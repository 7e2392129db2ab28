// Requests for meetings: kept on this phone first, delivered once whatever the network does, then followed. What is shown
// as sent, the server has said; its answer is the only truth.
import { forget, namesOf, onOtherTab, read, write } from "./phone.js";
import { call, courier, postOnce, randomKey, send } from "./server.js";
import { set, state } from "./state.js";

const ADDRESS = "/api/v1/meeting-requests";
const FOLLOW_MS = 4_000;
const FOLLOW_ELSEWHERE_MS = 60_000;

const OPEN = new Set(["pending", "proposed", "countered", "accepted"]);
const SETTLED_4XX = new Set([400, 403, 409, 413, 422]);
const PREFIX = "request:";
const linked = (token) => `link-${token}`;

/** A request as the server shows it; JSON of another shape is not the server's. */
const isView = (body) => typeof body?.status === "string" && Array.isArray(body.history);
const isKept = (value) => typeof value?.key === "string" && typeof value.status === "string" && typeof value.token === "string";

export const recall = () => set({ requests: namesOf(PREFIX).map((name) => read(name, isKept, true)).filter(Boolean).sort((one, other) => other.at - one.at) });

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

/** Keep a form and send it when the server can be reached; gives its key, "" where this phone cannot keep it. */
export function submit(form) {
  const key = randomKey();
  const kept = keep({ key, form, at: Date.now(), token: "", status: "queued", problem: null, view: null, etag: "", confirmed: null });
  if (kept) flush();
  return kept ? key : "";
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
  const { response, body } = await postOnce(ADDRESS, request.form, key);
  if (response.ok && typeof body.token === "string" && typeof body.status === "string") {
    forget(PREFIX + linked(body.token)); // its link, from a mail, may have been opened before its answer came
    settle(key, { token: body.token, status: body.status, problem: null, ...(body.status === "erased" && ERASED) });
    await look(key).catch(() => {});
  } else if (SETTLED_4XX.has(response.status) || body.code === "too_many_open") {
    settle(key, { status: "refused", problem: { code: body.code, errors: body.errors ?? [] } });
  } else {
    if (body.code === "no_room") settle(key, { problem: { code: body.code, errors: [] } }); // still queued: sent again by itself
    throw new Error(`the server answered ${response.status}`);
  }
}

async function flushAll() {
  const queued = state().requests.filter(({ status }) => status === "queued").reverse();
  let failed = null;
  for (const { key } of queued) await deliver(key).catch((error) => { failed = error; });
  if (failed) throw failed;
}

export const flush = courier("requests", () => state().requests.some(({ status }) => status === "queued"), flushAll, (unreached) => set({ unreached }));

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
  const answer = await call(`${ADDRESS}/${request.token}`, { headers: request.etag ? { "If-None-Match": request.etag } : {} });
  if (asked === changes) take(key, answer); // else it may tell how it stood before what was done here
}

/** Take in a request whose link was opened here, or that came from another phone. */
export async function adopt(token) {
  if (state().requests.some((request) => request.token === token)) return "known";
  const answer = await call(`${ADDRESS}/${token}`);
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

export const answer = (key, given) => change(key, (token) => send("POST", `${ADDRESS}/${token}/answer`, given));
export const cancel = (key) => change(key, (token) => send("POST", `${ADDRESS}/${token}/cancel`, {}));

export async function erase(key) {
  try {
    const { response, body } = await call(`${ADDRESS}/${fresh(key).token}`, { method: "DELETE" });
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
