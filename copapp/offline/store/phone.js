// What is kept on the phone: one versioned key a thing and a conference. Nothing here throws, nothing saved is overwritten unread.
import { set, state } from "./state.js";

const VERSION = 1;
const unreadable = new Set();

const key = (name) => `copapp:${state().programme.conference.slug}:${name}`;

/** Tell the person once; problems are keys of the catalogue under "problem.". */
export function tell(problem) {
  if (!state().problems.includes(problem)) set({ problems: [...state().problems, problem] });
}

function parse(raw) {
  try {
    const kept = JSON.parse(raw);
    return typeof kept === "object" && kept !== null && Number.isInteger(kept.version) ? kept : null;
  } catch {
    return null;
  }
}

/** The kept value, or undefined. `fits` guards its shape; what does not fit is set aside, what a newer app wrote is left alone. */
export function read(name, fits, precious = false) {
  const raw = localStorage.getItem(key(name));
  if (raw === null) return undefined;
  const kept = parse(raw);
  if (kept && kept.version > VERSION) {
    unreadable.add(name);
    if (precious) tell("newer");
    return undefined;
  }
  unreadable.delete(name);
  if (kept && fits(kept.value)) return kept.value;
  if (precious) {
    localStorage.setItem(`${key(name)}:damaged`, raw);
    tell("damaged");
  }
  return undefined;
}

export function write(name, value) {
  if (unreadable.has(name)) return false;
  try {
    localStorage.setItem(key(name), JSON.stringify({ version: VERSION, value }));
    return true;
  } catch {
    tell("full");
    return false;
  }
}

/** The names of the kept things that begin so. */
export function namesOf(prefix) {
  const all = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index));
  return all.filter((each) => each.startsWith(key(prefix)) && !each.endsWith(":damaged")).map((each) => each.slice(key("").length));
}

export const forget = (name) => localStorage.removeItem(key(name));

/** Call back when another tab of this browser wrote that thing, or one whose name begins so. */
export function onOtherTab(name, callback) {
  addEventListener("storage", (event) => event.key?.startsWith(key(name)) && callback());
}

export function warnIfBlocked() {
  if (window.copappStorageBlocked) tell("blocked");
}
