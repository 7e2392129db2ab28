// This phone's calendar address: kept here first, then followed by what is saved and asked for on this phone.
// Several phones may share one address, so nothing but differences is ever sent, counted from what this phone has told
// before: no phone's state takes the place of another's. Of two phones that disagree about an event, the last to change it counts.
// A phone that joins adds what it holds; what the calendar holds besides is offered to the person, never put on the phone unasked.
import { forget, namesOf, onOtherTab, read, write } from "./phone.js";
import { recall as recallRequests, startRequests } from "./requests.js";
import { call, courier, postOnce, randomKey, sendProved } from "./server.js";
import { set, state, subscribe } from "./state.js";

const ADDRESS = "/api/v1/calendars";
const NAME = "calendar";
const SOON_MS = 400;
const LATER_4XX = new Set([408, 425, 428, 429]);
const NO_ROOM = new Set(["network", "no_room"]);
const NOT_ON_THE_SERVER = new Set(["erased", "unknown", "refused"]);
const NOTHING = { bookmarks: [], meetings: [], alarm: null, language: "" };
const TOKEN = /(?:calendars\/|^)([a-z0-9]{32})(?:\.ics)?$/;

/** `status`: making, offered (by another phone's text), joining, live, over; `told` is what the server has from this phone,
 * `problem` why it is over, or not made yet. */
const isKept = (value) => typeof value?.status === "string" && typeof value.token === "string" && Array.isArray(value.told?.bookmarks) && Array.isArray(value.told.meetings);
const isCalendar = (body) => typeof body?.token === "string" && typeof body.address === "string" && Array.isArray(body.bookmarks);

const recall = () => set({ calendar: read(NAME, isKept, true) ?? null });
const fresh = () => read(NAME, isKept) ?? null;

function keep(calendar) {
  const kept = write(NAME, calendar);
  recall();
  return kept;
}

/** What the server said is noted before anything else is sent. */
function note(calendar) {
  if (!keep(calendar)) throw new Error("this phone cannot keep the answer");
}

export const saved = (s = state()) => Object.keys(s.bookmarks).sort();
const asked = (s) => s.requests.filter(({ token, status }) => token && !NOT_ON_THE_SERVER.has(status)).map(({ token }) => token).sort();
const without = (all, others) => all.filter((each) => !others.includes(each));

/** The reader's language. English is also what shows before other words have come: it counts where it was chosen. */
function languageOf(s) {
  const chosen = read("language", (value) => typeof value === "string");
  return chosen ?? (s.language === "en" ? s.calendar?.told.language || "en" : s.language);
}

/** What this phone cannot read is not gone: nothing is taken out on its account. */
const isWhole = (s) => !s.problems.includes("damaged") && !s.problems.includes("newer");

/** What the server is still to be told; null where it knows all. */
export function due(s) {
  const { told, alarm } = s.calendar;
  const [bookmarks, meetings] = [saved(s), asked(s)];
  const change = { add: without(bookmarks, told.bookmarks), add_meetings: without(meetings, told.meetings) };
  if (isWhole(s)) Object.assign(change, { remove: without(told.bookmarks, bookmarks), remove_meetings: without(told.meetings, meetings) });
  const language = languageOf(s);
  const body = Object.fromEntries(Object.entries(change).filter(([, each]) => each.length));
  if (alarm !== told.alarm) body.alarm = alarm;
  if (language !== told.language) body.language = language;
  return Object.keys(body).length ? body : null;
}

const after = (told, { add = [], remove = [], add_meetings = [], remove_meetings = [], ...wishes }) => ({
  ...told,
  ...wishes,
  bookmarks: [...without(told.bookmarks, remove), ...add],
  meetings: [...without(told.meetings, remove_meetings), ...add_meetings],
});

/** The reminder is whatever was chosen last, on whichever phone. */
function known({ token, address, expires, bookmarks, alarm }, told, mine) {
  const chosen = mine.alarm === told.alarm ? alarm : mine.alarm;
  return { status: "live", key: "", body: null, token, address, expires, held: bookmarks, told: { ...told, alarm }, alarm: chosen, refused: "", problem: "", confirmed: state().now };
}

/** `told` is what the server has been told, if it took this. */
function take({ response, body }, told, sent = "") {
  const mine = fresh();
  if (response.ok && isCalendar(body)) note({ ...mine, ...known(body, told, mine) });
  else if (response.status === 404 || response.status === 410) note({ ...mine, status: "over", problem: mine.status === "joining" && response.status === 404 ? "unknown" : "ended" });
  else if (response.status >= 400 && response.status < 500 && !LATER_4XX.has(response.status)) note({ ...mine, refused: sent, ...(sent ? {} : { status: "over", problem: body.code === "full" ? "full" : "refused" }) });
  else {
    if (NO_ROOM.has(body?.code)) note({ ...mine, problem: body.code }); // still making: asked for again by itself
    throw new Error(`the server answered ${response.status}`);
  }
}

async function make({ key, body, told }) {
  const answer = await postOnce(ADDRESS, body, key);
  if (fresh()?.key !== key) return;
  const [bookmarks, meetings] = ["bookmarks", "meetings"].map((each) => [...new Set([...told[each], ...body[each]])]);
  take(answer, { bookmarks, meetings, alarm: body.alarm, language: body.language });
}

async function tell({ token, told }) {
  const change = due(state());
  const answer = await sendProved("PUT", `${ADDRESS}/${token}`, change, token);
  if (fresh()?.token === token) take(answer, after(told, change), JSON.stringify(change));
}

async function ask({ token }) {
  const answer = await call(`${ADDRESS}/${token}`);
  const mine = fresh();
  if (mine?.token === token && mine.status !== "making") take(answer, mine.status === "joining" ? { ...NOTHING, language: languageOf(state()) } : mine.told);
}

const waits = () => {
  const { calendar } = state();
  if (!calendar) return false;
  if (calendar.status === "live") return Boolean(due(state())) && JSON.stringify(due(state())) !== calendar.refused;
  return ["making", "joining"].includes(calendar.status);
};

async function deliver() {
  recall(); // another tab may have been quicker, or asked for a meeting: what is not known here would look taken back
  recallRequests();
  if (!waits()) return;
  const { calendar } = state();
  await { making: make, joining: ask, live: tell }[calendar.status](calendar);
}

export const flush = courier(NAME, waits, deliver, (calendarUnreached) => set({ calendarUnreached }));

/** Whether the address still stands, and what other phones have put in. */
export async function look() {
  const { calendar } = state();
  if (calendar?.status === "live" && !waits()) await ask(calendar).catch(() => set({ calendarUnreached: true }));
  return flush();
}

/** One tap: kept with its key before anything is sent, so that one is made however often the reply is lost. One that is live ends for it. */
export function makeCalendar() {
  startCalendar();
  const old = fresh()?.status === "live" ? fresh() : null;
  const { token = "", address = "", expires = "", held = [], alarm = null, told = NOTHING } = old ?? {};
  const body = { bookmarks: saved(), meetings: asked(state()), language: languageOf(state()), alarm, ...(old && { replaces: token }) };
  if (keep({ status: "making", key: randomKey(), body, token, address, expires, held, alarm, told })) flush();
}

/** The token that an address, or a line that ends in one, names; "" for any other text. */
export const tokenIn = (text) => TOKEN.exec(text.trim().replace(/[?#].*$/, ""))?.[1] ?? "";

const foreign = (token, status) => ({ status, key: "", body: null, token, address: "", expires: "", held: [], alarm: null, told: NOTHING });

/** A text from another phone names that phone's calendar: asked about, unless this phone has one of its own. */
export const offer = (token) => fresh()?.status in { making: 1, joining: 1, live: 1 } || keep(foreign(token, "offered"));

export function join(token) {
  startCalendar();
  if (keep(foreign(token, "joining"))) flush();
}

export function chooseAlarm(alarm) {
  if (keep({ ...fresh(), alarm })) flush();
}

/** What the calendar holds besides what is saved here; and what is saved here, but was taken out by another phone. */
export const others = ({ calendar, bookmarks }) => calendar.held.filter((slug) => !(slug in bookmarks) && !calendar.told.bookmarks.includes(slug));
export const lost = ({ calendar, bookmarks }) => calendar.told.bookmarks.filter((slug) => slug in bookmarks && !calendar.held.includes(slug));

export function putBack() {
  const mine = fresh();
  const bookmarks = without(mine.told.bookmarks, lost(state()));
  if (keep({ ...mine, told: { ...mine.told, bookmarks } })) flush();
}

export function forgetCalendar() {
  forget(NAME);
  recall();
}

/** Stop the address for everybody; nothing changes here before the server has said so. Gives whether it did. */
export async function stopCalendar() {
  const { token } = fresh();
  const { response } = await call(`${ADDRESS}/${token}`, { method: "DELETE" }).catch(() => ({ response: { status: 0 } }));
  const isOver = [204, 404, 410].includes(response.status);
  if (isOver && fresh()?.token === token) forgetCalendar();
  return isOver;
}

let started = false;
let seen = {};
let soon;

function onChange() {
  const { bookmarks, requests, language } = state();
  if (bookmarks === seen.bookmarks && requests === seen.requests && language === seen.language) return;
  seen = { bookmarks, requests, language };
  clearTimeout(soon);
  soon = setTimeout(flush, SOON_MS);
}

/** Once where a calendar is or is made: from then on it follows. */
export function startCalendar() {
  if (started) return;
  started = true;
  if (namesOf("request:").length) startRequests();
  recall();
  onOtherTab(NAME, recall);
  subscribe(onChange);
  for (const name of ["online", "pageshow", "focus"]) addEventListener(name, flush);
  document.addEventListener("visibilitychange", () => document.hidden || flush());
  flush();
}
