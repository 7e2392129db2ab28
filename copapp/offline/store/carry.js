// Bookmarks on their way to another phone: one short text, alone or behind the # of a link, as a QR code or pasted.
import { addAll } from "./bookmarks.js";
import { set, state } from "./state.js";

const MARK = "copapp1";
const TEXT = /copapp1~([a-z0-9-]+)~([a-z0-9.-]*)/;
const QR_BYTES = 2_300;

export function carriedText() {
  const { bookmarks, programme } = state();
  return `${MARK}~${programme.conference.slug}~${Object.keys(bookmarks).sort().join(".")}`;
}

export const carriedLink = () => `${location.origin}/saved#${carriedText()}`;

/** The saved events a text carries; throws the catalogue's key of what is wrong with it. */
export function readCarried(text, conference) {
  const found = TEXT.exec(text);
  if (!found) throw new Error("carry.not_ours");
  if (found[1] !== conference) throw new Error("carry.other_conference");
  const slugs = found[2].split(".").filter(Boolean);
  if (!slugs.length) throw new Error("carry.empty");
  return slugs;
}

export function offerCarried(text) {
  try {
    const slugs = readCarried(text, state().programme.conference.slug);
    set({ carried: { slugs, problem: "" } });
  } catch (error) {
    set({ carried: { slugs: [], problem: error.message } });
  }
}

export function acceptCarried() {
  addAll(state().carried.slugs);
  set({ carried: null, notice: { key: "carry.added" } });
}

export const dismissCarried = () => set({ carried: null });

/** A link that carries saved events opens as a question, never as a change. */
export function startCarried() {
  if (!location.hash.includes(MARK)) return;
  offerCarried(decodeURIComponent(location.hash));
  history.replaceState(history.state, "", location.pathname + location.search);
}

export async function drawCode(address) {
  if (new TextEncoder().encode(address).length > QR_BYTES) {
    set({ qr: "", notice: { key: "carry.too_many" } });
    return;
  }
  const { renderSVG } = await import("uqr");
  set({ qr: `data:image/svg+xml,${encodeURIComponent(renderSVG(address, { border: 2 }))}` });
}
