// Bookmarks on their way to another phone: one short text, alone or behind the # of a link, as a QR code or pasted.
import { addAll } from "./bookmarks.js";
import { set, state } from "./state.js";

const MARK = "copapp1";
const TEXT = /copapp1~([a-z0-9-]+)~([a-z0-9.-]*)(?:~([a-z2-7.]*))?(?:~([a-z0-9]{32}))?/;
const QR_BYTES = 2_300;

export function carriedText() {
  const { bookmarks, programme, requests, calendar } = state();
  const tokens = requests.map(({ token }) => token).filter(Boolean).sort();
  const address = calendar?.status === "live" ? calendar.token : "";
  return [MARK, programme.conference.slug, Object.keys(bookmarks).sort().join("."), tokens.join("."), address].join("~").replace(/~{1,2}$/, "");
}

export const carriedLink = () => `${location.origin}/saved#${carriedText()}`;

/** The saved events, the requests and the calendar that a text carries; throws the catalogue's key of what is wrong with it. */
export function readCarried(text, conference) {
  const found = TEXT.exec(text);
  if (!found) throw new Error("carry.not_ours");
  if (found[1] !== conference) throw new Error("carry.other_conference");
  const [slugs, tokens] = [found[2], found[3] ?? ""].map((part) => part.split(".").filter(Boolean));
  if (!slugs.length && !tokens.length) throw new Error("carry.empty");
  return { slugs, tokens, calendar: found[4] ?? "" };
}

export function offerCarried(text) {
  try {
    const found = readCarried(text, state().programme.conference.slug);
    set({ carried: { ...found, problem: "" } });
  } catch (error) {
    set({ carried: { slugs: [], tokens: [], problem: error.message } });
  }
}

export async function acceptCarried() {
  const { slugs, tokens, calendar } = state().carried;
  addAll(slugs);
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
