// How what is kept on the phone reaches the server: once whatever the network does, one tab at a time, with a proof of work when asked.
const GIVE_UP_MS = 10_000;
const SLOWEST_MS = 60_000;
const MOST_PUZZLES = 3;
const OTHER_TAB_MS = 15_000;

export const randomKey = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** A captive portal answers too, and with any status: only JSON counts, and of refusals only a problem document. */
export async function call(address, options = {}) {
  const response = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(GIVE_UP_MS), ...options });
  if ([204, 304].includes(response.status)) return { response, body: null };
  const type = response.ok ? "application/json" : "application/problem+json";
  const body = response.headers.get("Content-Type")?.startsWith(type) ? await response.json() : null;
  if (!body || (!response.ok && body.status !== response.status)) throw new Error("not our server");
  return { response, body };
}

export const send = (method, address, body, headers = {}) => call(address, { method, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });

/** Send what may be sent twice; a puzzle is solved on the way. */
export async function sendProved(method, address, body, key, headers = {}) {
  let proof = {};
  for (let tries = 0; ; tries += 1) {
    const answer = await send(method, address, body, { ...headers, ...proof });
    if (answer.response.status !== 428 || tries === MOST_PUZZLES) return answer;
    const { solve } = await import("./proof.js");
    proof = { "Copapp-Proof": `${answer.body.challenge}.${await solve(answer.body.challenge, key, answer.body.bits)}` };
  }
}

/** Post what the key makes one of, however often it is sent. */
export const postOnce = (address, body, key) => sendProved("POST", address, body, key, { "Idempotency-Key": key });

/** One tab at a time. Where there are no locks, or a tab sleeps over one, the server's unique key is the last word. */
async function alone(name, act) {
  if (!navigator.locks) return act();
  let hasBegun = false;
  const begin = () => { hasBegun = true; return act(); };
  return navigator.locks.request(`copapp:${name}`, { signal: AbortSignal.timeout(OTHER_TAB_MS) }, begin).catch((error) => {
    if (hasBegun) throw error;
    return act();
  });
}

/** Gives `flush`: delivers for as long as something waits; what fails is tried again, later each time, and never by all phones at once. */
export function courier(name, waits, deliver, learn) {
  let failures = 0;
  let flushing = null;
  let again;
  return function flush() {
    clearTimeout(again);
    if (!waits()) return Promise.resolve();
    flushing ??= alone(name, deliver)
      .then(() => { failures = 0; learn(false); }, () => {
        failures += 1;
        learn(true);
        again = setTimeout(flush, Math.min(SLOWEST_MS, 1_000 * 2 ** failures) * (0.5 + Math.random() / 2));
      })
      .finally(() => {
        flushing = null;
        if (!failures) flush(); // more may wait by now
      });
    return flushing;
  };
}
