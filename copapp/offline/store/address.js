// Addresses come from strangers: chats cut and lengthen them, mail programs damage them, people retype them. What is readable is
// read, the rest is left out. Pure, and nothing here throws. What the server's door must read too has a twin in copapp/domain/address.py.

export const TOKEN = /^[a-z0-9]{32}$/;
const PLACES = ["/", "/saved", "/map", "/meet", "/changes", "/calendars", "/more", "/settings", "/about"];
const LONGEST = 200;
// What a chat or a mail takes along, or puts in: the sentence's own stops and brackets, blanks, invisible characters.
const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

/** A text with its percent signs read as far as they can be. */
export const decoded = (text) =>
  text.replace(/(?:%[0-9a-f]{2})+/giu, (run) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(run.slice(1).split("%"), (byte) => Number.parseInt(byte, 16))));

/** The first slug in a text, whatever stands around it, in small letters. */
export const slugIn = (text) => /[a-z0-9]+(?:-[a-z0-9]+)*/u.exec(decoded(text).toLowerCase())?.[0] ?? "";

/** Which of the known slugs a text names; "" for none. */
export const meant = (text, known) => [text, slugIn(text)].find((each) => known.includes(each)) ?? "";

function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 0; at < one.length; at += 1) {
    const next = [at + 1];
    for (let to = 0; to < other.length; to += 1) next.push(Math.min(next[to] + 1, row[to + 1] + 1, row[to] + (one[at] === other[to] ? 0 : 1)));
    row = next;
  }
  return row[other.length];
}

/** The known slug that a cut, lengthened or mistyped one is most like; "" where none is near. */
export function nearest(text, known) {
  const given = slugIn(text).slice(0, LONGEST);
  if (given.length < 3 || known.includes(given)) return known.includes(given) ? given : "";
  const far = (slug) => (slug.startsWith(given) || given.startsWith(slug) ? 1 : distance(given, slug));
  const [best] = known.map((slug) => ({ slug, far: far(slug) })).sort((one, other) => one.far - other.far);
  return best && best.far <= Math.max(2, best.slug.length / 4) ? best.slug : "";
}

const isSettled = ([place, ...names], { events, rooms }) => {
  if (place === "event") return names.length === 1 && events.includes(names[0]);
  if (place === "map" && names.length) return names.length <= 2 && names.every((name) => rooms.includes(name));
  if (place === "meet" && names.length) return names.length === 1 && TOKEN.test(names[0]);
  return !names.length && PLACES.includes(`/${place ?? ""}`);
};

/** A path of slugs as our addresses are written: each part that has none is left out. */
export const writtenAsOurs = (path) => `/${path.split("/").map(slugIn).filter(Boolean).join("/")}`;

/** The path that was meant by one that leads nowhere, or is not written as ours are; "" where none of ours was. */
export function meantPath(path, known) {
  const written = writtenAsOurs(path);
  return isSettled(written.split("/").slice(1).filter(Boolean), known) ? written : "";
}

const params = (search) => new URLSearchParams(search);

/** The first of a parameter's values that can be read; "" for none. */
const readable = (search, name, read) => params(search).getAll(name).map(read).find(Boolean) ?? "";

const typed = (text) => text.slice(0, LONGEST).replace(EDGES, "");

/** Which of the known an address names by a parameter; "" for none. */
export const named = (search, name, known) => readable(search, name, (text) => meant(text, known));

/** Whether an address asks for ways without stairs. */
export const avoidsStairs = (search) => named(search, "stairs", ["no"]) === "no";

/** The schedule's filters as an address names them: days and sites are those of the programme, or none. */
export const filtersOf = (search, { days, sites }) => ({
  query: readable(search, "q", typed),
  day: named(search, "day", days),
  site: named(search, "site", sites),
  savedOnly: named(search, "saved", ["1"]) === "1",
});

/** The address's part that names these filters, and nothing else. */
export function searchOf({ query, day, site, savedOnly }) {
  const wanted = Object.entries({ q: query, day, site, saved: savedOnly ? "1" : "" }).filter(([, value]) => value);
  return wanted.length ? `?${params(wanted)}` : "";
}

export const MARK = "copapp1";

/** Whether a text means to carry what somebody saved, whole or not (carried.js reads it). */
export const isCarrying = (text) => decoded(text).toLowerCase().includes(MARK);
