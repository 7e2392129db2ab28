// The rules that must run without the server. Each has a Python twin in copapp/domain; tests/cases holds both to one table.
import { dateAt, offsetMinutes } from "./words.js";

const MINUTE = 60_000;
const FRESH_SECONDS = 300;

const isCancelled = ({ status }) => status === "cancelled";
const byStart = (one, other) => Date.parse(one.starts) - Date.parse(other.starts) || (one.slug < other.slug ? -1 : 1);

/** Every date from the first to the last day, as YYYY-MM-DD. */
export function conferenceDays(starts, ends) {
  const dates = [];
  for (let day = Date.parse(`${starts}T00:00:00Z`); day <= Date.parse(`${ends}T00:00:00Z`); day += 1440 * MINUTE) {
    dates.push(new Date(day).toISOString().slice(0, 10));
  }
  return dates;
}

/** Minutes east of UTC at the noon of a day at the venue. */
function offsetOn(date, timeZone) {
  const noon = Date.parse(`${date}T12:00:00Z`);
  return offsetMinutes(noon - offsetMinutes(noon, timeZone) * MINUTE, timeZone);
}

/** The venue's offset on the first of these days, and on each day from which it is another. */
export function offsets(first, last, timeZone) {
  const found = conferenceDays(first, last).map((date) => ({ date, minutes: offsetOn(date, timeZone) }));
  return found.filter(({ minutes }, index) => !index || minutes !== found[index - 1].minutes);
}

/** Events by the date on which they start at the venue, in order; an event past midnight belongs to the day it starts. */
export function days(events, timeZone) {
  const found = new Map();
  for (const event of [...events].sort(byStart)) {
    const date = dateAt(event.starts, timeZone);
    found.set(date, [...(found.get(date) ?? []), event]);
  }
  return [...found].map(([date, list]) => ({ date, events: list }));
}

/** What runs at `now` (ms) and what starts next; an unknown end counts as `assumedMinutes` and is marked so. */
export function nowAndNext(events, now, assumedMinutes) {
  const held = [...events].sort(byStart).filter((event) => !isCancelled(event));
  const end = ({ starts, ends }) => (ends ? Date.parse(ends) : Date.parse(starts) + assumedMinutes * MINUTE);
  const running = held.filter((event) => Date.parse(event.starts) <= now && now < end(event));
  const coming = held.filter((event) => Date.parse(event.starts) > now);
  return {
    now: running.map(({ slug, ends }) => ({ slug, assumed: !ends })),
    next: coming.filter(({ starts }) => Date.parse(starts) === Date.parse(coming[0].starts)).map(({ slug }) => ({ slug })),
  };
}

/** How old the programme is: seconds since the last confirmed answer (null: none), and whether the last try failed. */
export function freshness(age, failed) {
  if (failed) return "offline";
  return age !== null && age <= FRESH_SECONDS ? "fresh" : "stale";
}

/** before, during or after the days of the conference at the venue. */
export function phase(now, starts, ends, timeZone) {
  const date = dateAt(now, timeZone);
  return date < starts ? "before" : date > ends ? "after" : "during";
}

const FIELDS = ["title", "room", "starts", "ends", "status"];
const instant = (value) => (value === null ? null : Date.parse(value));
const same = (field, one, other) => (field === "starts" || field === "ends" ? instant(one) === instant(other) : one === other);

/** The fields in which an event differs from how it was. */
export const changes = (before, after) =>
  FIELDS.filter((field) => !same(field, before[field], after[field])).map((field) => ({ field, was: before[field], is: after[field] }));

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Whether every word of the query stands in the title, the room or the site; case and accents do not matter. */
export function matches({ title, room, site }, query) {
  const text = plain(`${title} ${room} ${site}`);
  return plain(query).split(/\s+/u).filter(Boolean).every((word) => text.includes(word));
}
