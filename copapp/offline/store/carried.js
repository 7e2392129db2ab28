// What a carried text holds: one that a messenger cut, a mail wrapped or a phone capitalised is read as far as it can be. Pure.
import { decoded, TOKEN } from "./address.js";

const TEXT = /copapp1(?:~([a-z0-9-]*))?(?:(~)([a-z0-9.-]*))?(?:~([a-z0-9.]*))?(?:~([a-z0-9.]*))?/u;

const partsOf = (text = "") => [...new Set(text.split(".").map((each) => each.replace(/^-+|-+$/gu, "")).filter(Boolean))];

/** Saved events, requests and a calendar; `cut` counts the secret links that did not arrive whole, `key` is the catalogue's of why nothing can be read. */
export function readCarried(text, conference) {
  const found = TEXT.exec(decoded(text).toLowerCase());
  const nothing = { slugs: [], tokens: [], calendar: "", cut: 0, key: "" };
  if (!found) return { ...nothing, key: "carry.not_ours" };
  const [, whose = "", isNamed, ...texts] = found;
  if (!isNamed && conference.startsWith(whose)) return { ...nothing, key: "carry.cut" };
  if (whose !== conference) return { ...nothing, key: "carry.other_conference" };
  const [slugs, requests, calendars] = texts.map(partsOf);
  const tokens = requests.filter((each) => TOKEN.test(each));
  const calendar = calendars.find((each) => TOKEN.test(each)) ?? "";
  const cut = requests.length - tokens.length + (calendars.length && !calendar ? 1 : 0);
  if (slugs.length || tokens.length) return { ...nothing, slugs, tokens, calendar, cut };
  return cut ? { ...nothing, key: "carry.cut" } : { ...nothing, key: "carry.empty" };
}
