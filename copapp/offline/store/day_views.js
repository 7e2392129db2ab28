// What the saved day draws: events and agreed meetings as one line. Their shapes are copapp/offline/day_views.py.
import { clashes, lines, walksOf } from "./clashes.js";
import { requests } from "./meeting_views.js";
import { remember } from "./state.js";
import { cards, today, words } from "./views.js";
import { clockTime, dateAt, dayNumber, longDate, phoneTime, weekday } from "./words.js";

const MINUTE = 60_000;
const programme = (s) => s.programme;
const language = (s) => s.language;

const eventEntries = remember([programme, (s) => s.bookmarks], ({ events, rooms }, bookmarks) => {
  const site = Object.fromEntries(rooms.map((room) => [room.slug, room.site]));
  return events.filter(({ slug }) => slug in bookmarks).map(({ slug, title, starts, ends, status, room }) => ({ slug, title, starts, ends, status, room, site: site[room] }));
});

/** Agreed meetings; one that is to be moved keeps its time until that is answered. */
const meetingEntries = remember([programme, (s) => s.requests, words], ({ rooms }, kept, t) =>
  kept.filter(({ view }) => view?.meeting).map(({ key, token, status, view }) => {
    const room = rooms.find(({ slug }) => slug === view.meeting.room);
    return {
      slug: `meeting ${key}`,
      title: view.with ? t("day.meeting_with", { name: view.with.name }) : t("day.meeting"),
      starts: view.meeting.starts,
      ends: view.meeting.ends,
      status: "confirmed",
      room: room?.slug ?? null,
      site: room?.site ?? null,
      place: view.meeting.place,
      asked: status,
      href: `/meet/${token}`,
    };
  }));

const entries = remember([eventEntries, meetingEntries], (events, meetings) => [...events, ...meetings]);
const walks = remember([programme], (given) => walksOf(given.walks));
const assumedLength = (s) => s.programme.conference.assumed_length_minutes;
const zoneOf = (s) => s.programme.conference.timezone;

const drawn = remember([entries, walks, assumedLength, zoneOf], lines);

/** The meetings that are on, as one text: it changes only when they do. */
const running = (s) => meetingEntries(s).filter(({ starts, ends }) => s.now !== null && Date.parse(starts) <= s.now && s.now < Date.parse(ends)).map(({ slug }) => slug).join();

const context = remember([words, language, zoneOf, programme, cards, today, running], (t, tongue, zone, { rooms, sites }, made, current, on) => ({
  t,
  tongue,
  zone,
  cards: made,
  current,
  on: on.split(","),
  room: Object.fromEntries(rooms.map(({ slug, name }) => [slug, name])),
  site: Object.fromEntries(sites.map(({ slug, name }) => [slug, name])),
}));

function duration(minutes, t) {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return t("day.minutes", { minutes });
  return rest ? t("day.hours_minutes", { hours, minutes: rest }) : t("day.hours", { hours });
}

const gapWords = (gap, t) => (gap ? duration(gap, t) : t("day.gap_none"));

/** How two entries follow each other, in words; `first` is the one that starts first. */
function why(first, second, { verdict, kind, gap, assumed }, { t, zone }) {
  if (kind === "overlap" && verdict === "possible") {
    const at = clockTime(Date.parse(first.starts) + assumed * MINUTE, zone);
    return t("day.if_lasts", { name: first.title, minutes: assumed, at });
  }
  if (kind === "overlap") {
    const from = clockTime(second.starts, zone);
    if (!first.ends || !second.ends) return t("day.both_from", { at: from });
    return t("day.both_until", { from, to: clockTime(Math.min(Date.parse(first.ends), Date.parse(second.ends)), zone) });
  }
  if (assumed) return t("day.if_then", { gap: gapWords(gap, t), name: first.title, minutes: assumed });
  return first.ends ? gapWords(gap, t) : t("day.at_most", { gap: duration(gap, t) });
}

function walkWords(first, second, { kind, walk }, { t, site }) {
  if (walk !== null) return t("day.walk", { minutes: walk });
  if (kind === "overlap" || !first.site || !second.site) return "";
  if (first.site !== second.site) return t("day.walk_unknown");
  return first.room === second.room ? t("day.same_room") : t("day.same_site", { site: site[first.site] });
}

const NO_JOINT = { kind: "", title: "", text: "", walk: "", way_href: "" };

/** What stands between an entry and the one before it that ends last. */
function joint({ entry, before }, given) {
  if (!before) return NO_JOINT;
  const { other, verdict, kind } = before;
  const leads = other.room && entry.room && other.room !== entry.room;
  return {
    kind: kind ? verdict : before.walk === null ? "gap" : "walk",
    title: kind ? given.t(`day.joint.${verdict}_${kind}`) : "",
    text: why(other, entry, before, given),
    walk: walkWords(other, entry, before, given),
    way_href: leads ? `/map/${other.room}/${entry.room}` : "",
  };
}

const inOrder = (...pair) => pair.sort((one, other) => Date.parse(one.starts) - Date.parse(other.starts) || (one.slug < other.slug ? -1 : 1));

const atWords = ({ starts }, day, { zone, tongue }) => {
  const date = dateAt(starts, zone);
  return (date === day ? "" : `${weekday(date, tongue)} ${dayNumber(date)}, `) + clockTime(starts, zone);
};

/** One clash as it is named at one of its ends; where no joint says why, it does. */
function line(entry, clash, jointed, given) {
  const { other, verdict, kind } = clash;
  const pair = inOrder(entry, other);
  const reason = jointed ? [] : [why(...pair, clash, given), walkWords(...pair, clash, given)];
  return {
    key: other.slug,
    verdict,
    words: given.t(`day.line.${verdict}_${kind}`),
    name: other.title,
    lang: other.href ? given.tongue : "en",
    at: atWords(other, dateAt(entry.starts, given.zone), given),
    reason: reason.filter(Boolean).join(", "),
  };
}

function meetingCard(entry, { t, zone, tongue, room, site, on }) {
  return {
    slug: entry.slug,
    href: entry.href,
    title: entry.title,
    instant: entry.starts,
    starts: clockTime(entry.starts, zone),
    ends: clockTime(entry.ends, zone),
    no_end: "",
    phone_time: phoneTime(entry.starts, zone, tongue) && t("event.phone_time", { time: phoneTime(entry.starts, zone, tongue) }),
    day: longDate(dateAt(entry.starts, zone), tongue),
    room: entry.place || room[entry.room] || t("request.place_unknown"),
    site: entry.place ? "" : (site[entry.site] ?? ""),
    map_href: entry.room ? `/map/${entry.room}` : "",
    saved: false,
    save_label: "",
    cancelled: false,
    tag: on.includes(entry.slug) ? "now" : "",
    changes: [],
  };
}

function stop(given, jointed, each) {
  const { entry } = each;
  return {
    ...(entry.href ? meetingCard(entry, given) : given.cards[entry.slug]),
    is_meeting: Boolean(entry.href),
    status: entry.asked === "accepted" ? "accepted" : "",
    lines: each.clashes.map((clash) => line(entry, clash, jointed(entry, clash.other), given)),
    joint: joint(each, given),
  };
}

/** The first joint stands before the bracket, the others in it. */
function stretch(held, given) {
  const lastBefore = new Map(held.map(({ entry, before }) => [entry, before?.other]));
  const jointed = (one, other) => lastBefore.get(one) === other || lastBefore.get(other) === one;
  const stops = held.map((each) => stop(given, jointed, each));
  const verdicts = held.flatMap((each) => each.clashes.map(({ verdict }) => verdict));
  return {
    key: stops[0].slug,
    kind: verdicts.includes("certain") ? "certain" : verdicts.length ? "possible" : "",
    lead: stops[0].joint,
    stops: stops.map((each, place) => (place ? each : { ...each, joint: NO_JOINT })),
  };
}

/** Clashes are counted once, at their later end. */
const countOf = (day, wanted) =>
  day.line.flat().reduce((sum, { entry, clashes: found }) => sum + found.filter(({ other, verdict }) => verdict === wanted && inOrder(entry, other)[1] === entry).length, 0);

export const days = remember([drawn, context], (found, given) =>
  found.map((day) => {
    const [certain, possible] = ["certain", "possible"].map((verdict) => countOf(day, verdict));
    return {
      date: day.date,
      label: longDate(day.date, given.tongue),
      is_today: day.date === given.current,
      certain: certain ? given.t("day.certain", { count: certain }) : "",
      possible: possible ? given.t("day.possible", { count: possible }) : "",
      stretches: day.line.map((held) => stretch(held, given)),
    };
  }));

/** Today's date where it stands below other days. */
export const todayBelow = (s) => (days(s).findIndex(({ is_today }) => is_today) > 0 ? today(s) : "");

export const meetingCount = (s) => meetingEntries(s).length;

/** Requests that are not in the day as agreed meetings. */
export const otherRequests = remember([requests], (all) => all.filter(({ status, meeting }) => status !== "accepted" || !meeting));

export const isAsked = (s) => otherRequests(s).some(({ is_asked }) => is_asked);

/** Saved events that the programme no longer holds: kept, and named. */
export const vanished = remember([programme, (s) => s.bookmarks, (s) => s.partial], ({ events }, bookmarks, partial) => {
  const known = new Set(events.map(({ slug }) => slug));
  return partial ? [] : Object.entries(bookmarks).filter(([slug]) => !known.has(slug)).map(([slug, title]) => ({ slug, title }));
});

function clashWords(entry, { other, verdict, kind, gap, walk, assumed }, given) {
  const [first] = inOrder(entry, other);
  const between = duration(gap, given.t);
  return given.t(`day.hint.${verdict}_${kind}`, {
    name: other.title,
    at: atWords(other, dateAt(entry.starts, given.zone), given),
    gap: first.ends || assumed ? between : given.t("day.at_most", { gap: between }),
    walk,
    open: first.title,
    minutes: assumed,
  });
}

/** What a saved event clashes with: the surest and earliest in words, the others counted; "" where nothing is in the way. */
export function hintOf(s, slug) {
  const entry = entries(s).find((each) => each.slug === slug);
  if (!entry) return "";
  const found = clashes(entry, entries(s), walks(s), assumedLength(s));
  if (!found.length) return "";
  found.sort((one, other) => (other.verdict === "certain") - (one.verdict === "certain") || Date.parse(one.other.starts) - Date.parse(other.other.starts));
  const given = context(s);
  const more = found.length > 1 ? ` ${given.t("day.hint.more", { count: found.length - 1 })}` : "";
  return clashWords(entry, found[0], given) + more;
}
