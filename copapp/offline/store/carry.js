// Bookmarks on their way to another phone: one short text, alone or behind the # of a link, as a QR code or pasted.
import { MARK } from "./address.js";
import { addAll } from "./bookmarks.js";
import { readCarried } from "./carried.js";
import { set, state } from "./state.js";
import { carriedSlugs } from "./views.js";

const QR_BYTES = 2_300;

export function carriedText() {
  const { bookmarks, programme, requests, calendar } = state();
  const tokens = requests.map(({ token }) => token).filter(Boolean).sort();
  const address = calendar?.status === "live" ? calendar.token : "";
  return [MARK, programme.conference.slug, Object.keys(bookmarks).sort().join("."), tokens.join("."), address].join("~").replace(/~{1,2}$/, "");
}

export const carriedLink = () => `${location.origin}/saved#${carriedText()}`;

/** Ask whether to add what a text carries, or say why it carries nothing. */
export function offerCarried(text) {
  set({ carried: readCarried(text, state().programme.conference.slug) });
}

/** While somebody types or pastes, only what can be read is offered; what is wrong is said when they leave the field. */
export function typeCarried(text) {
  const found = readCarried(text, state().programme.conference.slug);
  set({ carried: found.key ? null : found });
}

export async function acceptCarried() {
  const { tokens, calendar } = state().carried;
  addAll(carriedSlugs(state()));
  if (tokens.length) {
    const { keepTokens, startRequests } = await import("./requests.js");
    startRequests();
    keepTokens(tokens);
  }
  if (calendar) (await import("./my_calendar.js")).offer(calendar);
  set({ carried: null, notice: { key: "carry.added" } });
}

/** A picture of the code as an address of its own. */
export async function codeOf(text) {
  const { renderSVG } = await import("uqr");
  return `data:image/svg+xml,${encodeURIComponent(renderSVG(text, { border: 2 }))}`;
}

export async function drawCode(address) {
  const isTooLong = new TextEncoder().encode(address).length > QR_BYTES;
  set(isTooLong ? { qr: "", notice: { key: "carry.too_many" } } : { qr: await codeOf(address) });
}
