// What cannot be done together, and days as lines. The twins are copapp/domain/clashes.py and day.py; tests/cases holds both to
// one table. An entry is { slug, starts, ends (null: unknown), site (null: unknown), status }.
import { days } from "./rules.js";

const MINUTE = 60_000;
const NONE = "none";

const isCancelled = ({ status }) => status === "cancelled";
const parsed = new Map();

/** Reading an instant is slow, and every pair of a long day asks for two. */
function ms(instant) {
  if (!parsed.has(instant)) parsed.set(instant, Date.parse(instant));
  return parsed.get(instant);
}

const start = ({ starts }) => ms(starts);
const minutes = (ms) => Math.floor(ms / MINUTE);

/** The minutes between two sites by "one two", both ways round. */
export const walksOf = (walks) => Object.fromEntries(walks.flatMap(({ from, to, minutes: given }) => [[`${from} ${to}`, given], [`${to} ${from}`, given]]));

const walkOf = (one, other, walks) => walks[`${one.site} ${other.site}`] ?? null;

function judgement(gap, walk, verdict, assumed) {
  if (gap < 0) return { verdict, kind: "overlap", gap: 0, walk, assumed };
  if (gap < (walk ?? 0) * MINUTE) return { verdict, kind: "walk", gap: minutes(gap), walk, assumed };
  return { verdict: NONE, kind: null, gap: minutes(gap), walk, assumed };
}

/** How two entries stand to each other: certain is what holds whatever an unknown end is, possible what holds by the assumed one. */
export function judge(one, other, walks, assumed) {
  const [first, second] = start(one) <= start(other) ? [one, other] : [other, one];
  const walk = walkOf(first, second, walks);
  const sinceStart = start(second) - start(first);
  if (isCancelled(one) || isCancelled(other)) return { verdict: NONE, kind: null, gap: 0, walk: null, assumed: null };
  if (!sinceStart) return { verdict: "certain", kind: "overlap", gap: 0, walk, assumed: null };
  if (first.ends) return judgement(start(second) - ms(first.ends), walk, "certain", null);
  if (sinceStart <= (walk ?? 0) * MINUTE) return { verdict: "certain", kind: "walk", gap: minutes(sinceStart), walk, assumed: null };
  return judgement(sinceStart - assumed * MINUTE, walk, "possible", assumed);
}

/** What is in the way of an entry, certain or possible, in the order given. */
export const clashes = (entry, others, walks, assumed) =>
  others.filter((other) => other !== entry).map((other) => ({ other, ...judge(entry, other, walks, assumed) })).filter(({ verdict }) => verdict !== NONE);

const end = (entry, assumed) => (entry.ends ? ms(entry.ends) : start(entry) + assumed * MINUTE);

/** How an entry follows the one of its day that ends last before it; null for the first, and for a cancelled one. */
function before(entry, day, walks, assumed) {
  const earlier = day.slice(0, day.indexOf(entry)).filter((each) => !isCancelled(each));
  if (!earlier.length || isCancelled(entry)) return null;
  const last = earlier.reduce((one, other) => (end(other, assumed) > end(one, assumed) ? other : one));
  return { other: last, ...judge(entry, last, walks, assumed) };
}

/** A day is cut between two stops wherever no clash spans the cut. */
function heldTogether(stops) {
  const line = [];
  let reach = -1;
  stops.forEach((stop, place) => {
    if (place > reach) line.push([]);
    line.at(-1).push(stop);
    reach = Math.max(reach, place, ...stop.clashes.map(({ other }) => stops.findIndex(({ entry }) => entry === other)));
  });
  return line;
}

/** The days of these entries, each a line of stops, those that clash held together in one list. */
export function lines(entries, walks, assumed, timeZone) {
  const found = days(entries, timeZone);
  const ordered = found.flatMap(({ events }) => events);
  return found.map(({ date, events: day }) => ({
    date,
    line: heldTogether(day.map((entry) => ({ entry, clashes: clashes(entry, ordered, walks, assumed), before: before(entry, day, walks, assumed) }))),
  }));
}
