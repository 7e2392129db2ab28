// The one state of the delegates' face: what the prerendered page brought, what this phone keeps, what the person chose.
import { useSyncExternalStore } from "react";

const listeners = new Set();
let current;
let brought;

/** What the prerenderer wrote into the page: { programme, etag, partial, preview }. */
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
    preview: page.preview,
    now: null,
    confirmed: null,
    failed: false,
    language: "en",
    bookmarks: {},
    seen: null,
    query: "",
    day: "",
    site: "",
    savedOnly: false,
    notice: null,
    problems: [],
    carried: null,
    qr: "",
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

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A React hook: a part of the state, drawn again when that part becomes another object. */
export const useView = (select) => useSyncExternalStore(subscribe, () => select(state()), () => select(initial()));

/** Keep the last answer of a pure function of one state's parts, so that unchanged parts are not drawn again. */
export function remember(parts, make) {
  const kept = [];
  return (from) => {
    const given = parts.map((part) => part(from));
    const found = kept.find((entry) => entry.given.every((value, index) => value === given[index]));
    if (found) return found.made;
    const made = make(...given);
    kept.unshift({ given, made });
    kept.length = Math.min(kept.length, 2);
    return made;
  };
}
