// The one state of the delegates' face: what the prerendered page brought, what this phone keeps, what the person chose.
import { useSyncExternalStore } from "react";

const listeners = new Set();
let current;
let brought;

/** What the prerenderer wrote into the page: { programme, etag, partial, light, build, preview, posters, venue }. */
export function embedded() {
  if (typeof document === "undefined") return globalThis.copappEmbedded;
  brought ??= JSON.parse(document.getElementById("programme").textContent);
  return brought;
}

function first(page) {
  return {
    programme: page.programme,
    etag: page.partial ? null : page.etag,
    partial: page.partial,
    light: page.light,
    preview: page.preview,
    posters: page.posters,
    now: null,
    confirmed: null,
    failed: false,
    language: "en",
    catalogues: 1,
    bookmarks: {},
    seen: null,
    query: "",
    day: "",
    site: "",
    savedOnly: false,
    drawn: Infinity,
    notice: null,
    problems: [],
    carried: null,
    requests: [],
    unreached: false,
    offer: null,
    form: null,
    wrong: {},
    asking: "",
    missing: {},
    acted: "",
    countering: false,
    sure: "",
    qr: "",
    venue: page.venue,
    changelog: page.changelog,
    changelogMissed: false,
    venueMissed: false,
    levels: {},
    mapAsText: false,
    sheet: "",
    update: false,
    install: "none",
    started: false,
  };
}

/** The state that the page was rendered with: the server's side, and the first frame of the browser's. */
export const initial = () => (typeof document === "undefined" ? first(embedded()) : (hydrated ??= first(embedded())));
let hydrated;

export const state = () => (typeof document === "undefined" ? initial() : (current ??= initial()));

export function set(patch) {
  current = { ...state(), ...patch };
  for (const listener of listeners) listener();
}

export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A React hook: a part of the state, drawn again when that part becomes another object. */
export const useView = (select) => useSyncExternalStore(subscribe, () => select(state()), () => select(initial()));

const isPlain = (value) => Array.isArray(value) || (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype);

/** The earlier object wherever nothing in it has changed: what is the same object is not drawn again. */
export function reuse(before, now) {
  if (before === now || !isPlain(before) || !isPlain(now)) return now;
  const made = Array.isArray(now) ? [] : {};
  let same = Object.keys(before).length === Object.keys(now).length;
  for (const key of Object.keys(now)) {
    made[key] = reuse(before[key], now[key]);
    same &&= key in before && Object.is(made[key], before[key]);
  }
  return same ? before : made;
}

/** A view that is made again only when one of its parts has become another object. Two answers are kept: React asks for
    the first frame's and for today's in turn while it hydrates. */
export function remember(parts, make) {
  const kept = [];
  return (from) => {
    const given = parts.map((part) => part(from));
    const found = kept.find((entry) => entry.given.every((value, index) => value === given[index]));
    if (found) return found.made;
    const made = reuse(kept[0]?.made, make(...given));
    kept.unshift({ given, made });
    kept.length = Math.min(kept.length, 2);
    return made;
  };
}
