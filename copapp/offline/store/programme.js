// The programme on the phone: kept whole, asked for again by ETag, its age counted from the last answer the server confirmed.
import { keepCalendars } from "./calendar.js";
import { onOtherTab, read, write } from "./phone.js";
import { set, state } from "./state.js";

const ADDRESS = "/api/v1/programme";
const EVERY_MS = 30_000;
const GIVE_UP_MS = 10_000;

let asking = null;
let timer;

const isProgramme = (value) => Number.isInteger(value?.release?.number) && Array.isArray(value.events) && Boolean(value.conference?.timezone);
const isKept = (value) => isProgramme(value?.programme) && typeof value.etag === "string";
const isContact = (value) => Number.isFinite(value?.server) && Number.isFinite(value?.device);

/** The server's instant in ms, reckoned on from its last answer by how far this phone's clock has moved; null before the first. */
export function reckon(contact) {
  return contact ? contact.server + Math.max(0, Date.now() - contact.device) : null;
}

let contact = null;

export function tick() {
  const now = reckon(contact);
  if (now !== null) set({ now });
}

function confirm(response) {
  const server = Date.parse(response.headers.get("Copapp-Now"));
  contact = { server, device: Date.now(), confirmed: server };
  write("contact", contact);
  set({ now: server, confirmed: server, failed: false, preview: response.headers.get("Copapp-Clock") === "preview" });
}

function take(programme, etag) {
  write("programme", { programme, etag });
  set({ programme, etag, partial: false, light: false });
  mark(programme);
}

/** Remember how each event looked when this person last saw it; nothing is marked on the first load. */
function mark(programme) {
  if (state().seen) return;
  const seen = Object.fromEntries(programme.events.map((event) => [event.slug, look(event)]));
  write("seen", seen);
  set({ seen });
}

const look = ({ title, starts, ends, room, status }) => ({ title, starts, ends, room, status });

export function markRead(slugs) {
  const seen = { ...state().seen };
  for (const event of state().programme.events) if (slugs === null || slugs.includes(event.slug)) seen[event.slug] = look(event);
  write("seen", seen);
  set({ seen });
}

/** A page behind a captive portal answers 200 too: only our own mark counts. */
async function answer() {
  const { etag } = state();
  const response = await fetch(ADDRESS, {
    cache: "no-store",
    headers: etag ? { "If-None-Match": etag } : {},
    signal: AbortSignal.timeout(GIVE_UP_MS),
  });
  if (Number.isNaN(Date.parse(response.headers.get("Copapp-Now")))) throw new Error("not our server");
  if (response.status === 304) return { response };
  if (!response.ok) throw new Error(`the programme answered ${response.status}`);
  const programme = await response.json();
  if (!isProgramme(programme)) throw new Error("not a programme");
  return { response, programme };
}

/** A large programme's first page leaves out what events' own pages show: the worker fetched it all, behind that page. */
async function fill() {
  await Promise.race([navigator.serviceWorker?.ready, new Promise((done) => setTimeout(done, GIVE_UP_MS))]);
  const whole = await fetch("/programme.json").then((answered) => answered.json()).catch(() => null);
  if (state().light && isProgramme(whole) && whole.release.number === state().programme.release.number) take(whole, state().etag);
}

async function ask() {
  try {
    const { response, programme } = await answer();
    if (programme) take(programme, response.headers.get("ETag"));
    else mark(state().programme);
    confirm(response);
    if (state().light) fill();
    keepCalendars();
  } catch {
    set({ failed: true });
    tick();
  }
}

function schedule() {
  clearTimeout(timer);
  timer = setTimeout(() => (document.hidden ? schedule() : refresh()), EVERY_MS * (0.8 + Math.random() * 0.4));
}

export function refresh() {
  asking ??= ask().finally(() => {
    asking = null;
    schedule();
  });
  return asking;
}

function recall() {
  const kept = read("programme", isKept);
  const page = state();
  if (kept && (page.partial || kept.programme.release.number >= page.programme.release.number)) {
    set({ programme: kept.programme, etag: kept.etag, partial: false, light: false });
  } else if (!page.partial && !page.light) {
    write("programme", { programme: page.programme, etag: page.etag });
  }
  set({ seen: read("seen", (value) => typeof value === "object" && value !== null) ?? null });
}

function recallContact() {
  contact = read("contact", isContact) ?? null;
  if (contact) set({ confirmed: contact.confirmed });
  tick();
}

export function startProgramme() {
  recall();
  recallContact();
  onOtherTab("programme", recall);
  onOtherTab("seen", recall);
  for (const name of ["online", "focus", "pageshow"]) addEventListener(name, () => refresh());
  addEventListener("offline", () => set({ failed: true }));
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  setInterval(tick, 15_000);
  return refresh();
}
