// Whether a staff page is connected, and what became of each tap. Reflex's own loop asks here (see plugin.py) before it sends
// anything: without a connection nothing is kept to be done later, because later it would be done to what nobody has looked at.
import { useEffect } from "react";
import { set, state, useView } from "./state.js";
import { check } from "./staff_session.js";
import { clockTime } from "./words.js";

const MAIN = "reflex___state____state", OURS = ".copapp___staff___";
const LOOK_EVERY = 1_000, HEARD_WITHIN = 25_000, CALLED_AFTER = 3_000, CONNECTED_WITHIN = 30_000, ANSWERED_WITHIN = 8_000, EXPLAINED_AFTER = 4_000;
const KEPT = "copapp:staff:unanswered";
const stored = () => (typeof sessionStorage === "undefined" ? [] : JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
const here = () => (typeof location === "undefined" ? "" : location.pathname + location.search);

const FIRST = { up: false, since: 0, why: "", shown: null, fault: false, elsewhere: false, sending: [], slow: false, refused: [], unanswered: [] };
const link = () => state().link ?? FIRST;
const put = (patch) => set({ link: { ...link(), ...patch } });

let socket, acts = new Set();
let heard = 0, tried = 0, quiet = 0;
let held = []; // what came since the socket opened: shown at once when the page has been read, never by halves
let wasRead = false;

/** Follows the socket that Reflex has just made. */
export function watch(given) {
  socket = given;
  const hear = () => (heard = Date.now());
  socket.io.on("ping", hear);
  socket.onAny(hear);
  socket.on("connect", () => { hear(); tried = 0; });
  socket.on("disconnect", lose);
}

function lose() {
  held = [];
  socket.sendBuffer = []; // socket.io would send it once the connection is back: a tap made as this device woke up
  tried = 0;
  const { up, sending, unanswered } = link();
  const left = [...new Set([...unanswered, ...sending.filter((tap) => tap.act).map((tap) => tap.what)])];
  sessionStorage.setItem(KEPT, JSON.stringify(left));
  put({ up: false, sending: [], slow: false, unanswered: left, ...(up && { since: heard, why: "" }) });
}

/** Ends a socket that may only look open; Reflex then opens another. */
const cut = () => socket?.connected && socket.io.engine.close();

function look() {
  const now = Date.now();
  if (socket && !socket.connected) {
    tried ||= now;
    const { engine } = socket.io;
    // One that the browser's `offline` closed while it opened: Socket.IO would wait 20 s, it hears only of errors then.
    if (engine?.readyState === "closed") engine.emit("error", new Error("closed while it opened"));
    if (now - tried > CONNECTED_WITHIN) [tried] = [0, engine?.close()];
    else if (now - tried > CALLED_AFTER) socket.reconnect(); // where Reflex does not: it has hung up itself
  } else if (socket && now - heard > HEARD_WITHIN) cut();
  const slow = link().sending.some((tap) => now - tap.at > ANSWERED_WITHIN);
  if (slow !== link().slow) put({ slow });
  quiet = link().up && wasRead ? 0 : quiet + 1;
  if ((quiet * LOOK_EVERY) % EXPLAINED_AFTER === EXPLAINED_AFTER - LOOK_EVERY) explain();
}

async function explain() {
  const why = await reason();
  if (!link().up || !wasRead) put({ why: link().fault ? "fault" : why });
}

async function reason() {
  const status = await check();
  if (!status) return "away";
  if (status === 409) return "many";
  const ready = await fetch("/readyz", { cache: "no-store" }).catch(() => ({ ok: false }));
  if (!ready.ok) return "unready";
  return socket?.connected ? "silent" : "refused";
}

/** Hands on what the server sends; after a connection only once all of the page has been read. */
export const whole = (apply) => (update) => {
  if (!held) return apply(update);
  if (update.events?.length) apply({ events: update.events });
  held.push(update.delta);
  if (update.delta?.[MAIN]?.is_hydrated_rx_state_) {
    const all = held;
    held = null;
    all.forEach((delta) => apply({ delta }));
    put({ up: true, why: "", fault: false, elsewhere: false });
  }
};

/** What a person did: null for Reflex's own events. It must be asked while the browser's event is still going on. */
export function tapOf(events, args) {
  const ours = events.filter((each) => each.name?.includes(OURS));
  if (!ours.length) return null;
  const given = [args].flat().find((each) => each?.target);
  const from = given?.nativeEvent?.submitter ?? given?.currentTarget ?? given?.target;
  return { events: ours, from, what: nameOf(from), act: ours.some((each) => acts.has(each.name)), key: JSON.stringify(ours.map(({ name, payload }) => [name, payload])) };
}

function nameOf(from) {
  const named = from?.matches?.("form") ? from.querySelector("[type=submit]") : from;
  const said = named?.getAttribute?.("aria-label") || named?.labels?.[0]?.innerText || named?.innerText || "";
  return said.trim().split("\n")[0].slice(0, 60);
}

/** Says whether a tap may go out now: a second one of the same, unanswered, may not, and none may without a connection. */
export function take(tap) {
  if (!tap) return true;
  const { up, sending, refused } = link();
  if (!up) return refuse(tap.what, tap.from);
  if (sending.some((each) => each.key === tap.key)) return false;
  put({ sending: [...sending, { ...tap, at: Date.now() }], refused: refused.filter((each) => each !== tap.what) });
  return true;
}

function refuse(what, from) {
  put({ refused: [...new Set([...link().refused, what])] });
  // A choice goes back to what the server holds; words that are typed stay.
  if (from?.matches?.("select")) for (const each of from.options) if (each.defaultSelected) from.value = each.value;
  return false;
}

/** Gives what the socket calls when the server is done with an event. */
export const answered = (event) => () => {
  const sending = link().sending.map((tap) => ({ ...tap, events: tap.events.filter((each) => each !== event) }));
  put({ sending: sending.filter((tap) => tap.events.length) });
};

/** The server says that a handler failed. */
export const failed = () => put({ fault: true, ...(!wasRead && { why: "fault" }) });

/** Stands once on every staff page: takes links and plain forms back too while there is no connection. */
export function useConnection(names) {
  useEffect(() => {
    acts = new Set(names);
    put({ unanswered: stored() });
    const stop = (event) => {
      const place = event.target.closest?.(event.type === "click" ? "a[href^='/admin']:not([data-here])" : "form[action^='/admin']");
      // Where nothing is shown, nothing can be lost by going.
      if (!place || link().up || !wasRead || link().shown !== here()) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.type === "click") put({ elsewhere: true });
      else refuse(nameOf(event.submitter ?? place));
    };
    const wake = () => Date.now() - heard > HEARD_WITHIN && cut();
    const events = [[document, "click", stop], [document, "submit", stop], [document, "visibilitychange", wake], [window, "pageshow", wake]];
    for (const [target, name, does] of events) target.addEventListener(name, does, true);
    const looking = setInterval(look, LOOK_EVERY);
    return () => {
      clearInterval(looking);
      for (const [target, name, does] of events) target.removeEventListener(name, does, true);
    };
  }, []);
  return true;
}

/** Says whether what the page holds has been read for this very address; buttons say that they are off. */
export function useShown(read) {
  const { shown, up } = useView((s) => s.link ?? FIRST);
  const at = here();
  useEffect(() => {
    if (read && !wasRead) put({ shown: at });
    wasRead = read;
  }, [read, at]);
  useEffect(() => {
    for (const each of document.querySelectorAll("main button:not([data-here])")) {
      if (up) each.removeAttribute("aria-disabled");
      else each.setAttribute("aria-disabled", "true");
    }
  }, [up, shown]);
  return read && shown === at;
}

const listed = (names) => [...new Set(names)].join(", ");

/** What there is to say of the connection. `state`: connecting, reading, lost or live. */
export function useLink(read) {
  const said = useView((s) => s.link ?? FIRST), venue = useView((s) => s.programme.conference.timezone);
  const isShown = read && said.shown === here();
  return {
    state: isShown ? (said.up ? "live" : "lost") : said.up ? "reading" : "connecting",
    since: clockTime(said.since || heard, venue),
    why: said.why,
    fault: said.fault,
    elsewhere: said.elsewhere,
    slow: said.slow,
    acting: listed(said.sending.filter((tap) => tap.act).map((tap) => tap.what)),
    asking: listed(said.sending.filter((tap) => !tap.act).map((tap) => tap.what)),
    refused: listed(said.refused),
    unanswered: listed(said.unanswered),
  };
}

export const reload = () => location.reload();

/** The person has read what was not sent, and looked at what had no answer. */
export function noted() {
  sessionStorage.removeItem(KEPT);
  put({ refused: [], unanswered: [], fault: false, elsewhere: false });
}
