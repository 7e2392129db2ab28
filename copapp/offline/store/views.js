// What the pages draw: plain objects made from the state, in the reader's words. Their shapes are copapp/offline/views.py.
import { translator } from "./language.js";
import { changes, conferenceDays, days, freshness, matches, nowAndNext, offsets, phase } from "./rules.js";
import { remember } from "./state.js";
import { clockTime, dateAt, dateRange, dayAndMonth, dayNumber, longDate, offsetMinutes, offsetWords, phoneTime, weekday } from "./words.js";

const programme = (state) => state.programme;
const language = (state) => state.language;
const conferenceOf = (state) => state.programme.conference;
const isStarted = (state) => state.started;

export const words = remember([language, (s) => s.catalogues], translator);

const inWords = (texts, tongue) => {
  const used = texts?.[tongue] ? tongue : "en";
  return { text: texts?.[used] ?? "", lang: used };
};

const places = remember([programme], ({ rooms, sites }) => {
  const site = Object.fromEntries(sites.map((each) => [each.slug, each]));
  return Object.fromEntries(rooms.map((room) => [room.slug, { room: room.name, site: site[room.site].name, site_slug: room.site }]));
});

const searchable = remember([programme, places], ({ events }, where) =>
  new Map(events.map((event) => [event.slug, { title: event.title, room: where[event.room].room, site: where[event.room].site }])));

/** Minutes only: nothing that is drawn changes more often. */
const minute = (state) => (state.now === null ? null : Math.floor(state.now / 60_000) * 60_000);

const running = remember([programme, minute], (given, now) => {
  const none = { now: [], next: [], phase: "" };
  if (now === null) return none;
  const { starts, ends, timezone, assumed_length_minutes } = given.conference;
  return { ...nowAndNext(given.events, now, assumed_length_minutes), phase: phase(now, starts, ends, timezone) };
});

const slugsDuring = (part) => remember([running], (given) => (given.phase === "during" ? given[part].map(({ slug }) => slug).join() : ""));
const nowSlugs = slugsDuring("now");
const nextSlugs = slugsDuring("next");

function changeWords(event, seen, where, t, zone) {
  if (!seen) return [];
  const before = seen[event.slug];
  if (!before) return [t("change.added")];
  const old = {
    title: (value) => value,
    room: (value) => where[value]?.room ?? value,
    starts: (value) => clockTime(value, zone),
    ends: (value) => (value ? clockTime(value, zone) : t("event.no_end")),
    status: (value) => t(`status.${value}`),
  };
  return changes(before, event).map(({ field, was }) =>
    field === "starts" && dateAt(was, zone) !== dateAt(event.starts, zone)
      ? t("change.starts", { was: `${longDate(dateAt(was, zone), t("language.code"))}, ${clockTime(was, zone)}` })
      : t(`change.${field}`, { was: old[field](was) }));
}

function card(event, context) {
  const { where, t, zone, tongue, bookmarks, seen, now, next, started } = context;
  const saved = event.slug in bookmarks;
  const place = where[event.room];
  const starts = clockTime(event.starts, zone);
  const own = started ? phoneTime(event.starts, zone, tongue) : "";
  return {
    slug: event.slug,
    href: `/event/${event.slug}`,
    title: event.title,
    instant: event.starts,
    starts,
    ends: event.ends ? clockTime(event.ends, zone) : "",
    no_end: event.ends ? "" : t("event.no_end"),
    phone_time: own && t("event.phone_time", { time: own }),
    day: longDate(dateAt(event.starts, zone), tongue),
    room: place.room,
    site: place.site,
    map_href: `/map/${event.room}`,
    saved,
    save_label: t(saved ? "event.unsave" : "event.save"),
    cancelled: event.status === "cancelled",
    tag: now.includes(event.slug) ? "now" : next.includes(event.slug) ? "next" : "",
    changes: changeWords(event, seen, where, t, zone),
  };
}

const makeContext = remember(
  [places, words, conferenceOf, language, (s) => s.bookmarks, (s) => s.seen, nowSlugs, nextSlugs, isStarted],
  (where, t, { timezone }, tongue, bookmarks, seen, now, next, started) =>
    ({ where, t, zone: timezone, tongue, bookmarks, seen, now: now.split(","), next: next.split(","), started }),
);

/** One card an event, the same object for as long as nothing it shows has changed. */
export const cards = remember([programme, makeContext], ({ events }, context) => Object.fromEntries(events.map((event) => [event.slug, card(event, context)])));

export const chosen = remember(
  [programme, searchable, (s) => s.query, (s) => s.day, (s) => s.site, (s) => s.savedOnly, (s) => (s.savedOnly ? s.bookmarks : null), places],
  ({ events, conference }, texts, query, day, site, savedOnly, bookmarks, where) =>
    events.filter((event) =>
      (!day || dateAt(event.starts, conference.timezone) === day) &&
      (!site || where[event.room].site_slug === site) &&
      (!savedOnly || event.slug in bookmarks) &&
      (!query || matches(texts.get(event.slug), query))),
);

export const today = remember([conferenceOf, minute], ({ timezone }, now) => (now === null ? "" : dateAt(now, timezone)));

export const dayView = ({ date, events }, drawn, tongue, current) => ({
  date,
  label: longDate(date, tongue),
  is_today: date === current,
  cards: events.map(({ slug }) => drawn[slug]),
});

export const schedule = remember([chosen, cards, conferenceOf, language, today, (s) => s.drawn], (events, drawn, { timezone }, tongue, current, most) =>
  days(events.slice(0, most), timezone).map((day) => dayView(day, drawn, tongue, current)));

export const changedCount = remember([chosen, cards], (events, drawn) => events.filter(({ slug }) => drawn[slug].changes.length).length);

const busyDays = remember([programme], ({ conference, events }) => [...new Set(events.map((event) => dateAt(event.starts, conference.timezone)))]);

/** Events, and rooms of the programme and of the plan, that an address may name. */
export const known = remember([programme, (s) => s.venue], ({ events, rooms }, venue) => ({
  events: events.map(({ slug }) => slug),
  rooms: [...rooms, ...(venue?.rooms ?? [])].map(({ slug }) => slug),
}));

/** The days and the sites to choose from. */
export const choices = remember([programme, busyDays], ({ conference, sites: all }, busy) => ({
  days: [...new Set([...conferenceDays(conference.starts, conference.ends), ...busy])].sort(),
  sites: all.map(({ slug }) => slug),
}));

export const dayTabs = remember([choices, busyDays, (s) => s.day, words, language, today], ({ days: dates }, busy, day, t, tongue, current) =>
  dates.map((date) => ({
    date,
    weekday: weekday(date, tongue),
    number: dayNumber(date),
    label: longDate(date, tongue) + (date === current ? `, ${t("schedule.today")}` : ""),
    is_current: date === day,
    is_today: date === current,
    is_empty: !busy.includes(date),
  })));

export const sites = remember([programme, (s) => s.site], (given, site) =>
  given.sites.map(({ slug, name }) => ({ slug, name, is_current: slug === site })));

const lead = (card, current, zone) =>
  [dateAt(card.instant, zone) === current ? "" : card.day, `${card.starts}${card.ends && `–${card.ends}`}`, card.no_end].filter(Boolean).join(", ");

export const nowNext = remember([running, cards, today, conferenceOf, (s) => s.partial], (given, drawn, current, { timezone }, partial) => {
  const shown = given.phase === "during" && !partial;
  const briefs = shown ? [...given.now, ...given.next].map(({ slug }) => drawn[slug]) : [];
  return { shown, has_now: given.now.length > 0, briefs: briefs.map((card) => ({ ...card, lead: lead(card, current, timezone) })) };
});

export const empty = remember([words, language, chosen, (s) => s.query, (s) => s.day, (s) => s.savedOnly], (t, tongue, events, query, day, savedOnly) => {
  if (events.length) return "";
  if (savedOnly) return t("schedule.empty_saved");
  if (query) return t("schedule.empty_search", { query });
  return day ? t("schedule.empty_day", { day: longDate(day, tongue) }) : t("schedule.empty");
});

/** Of what a link or a text carries, the saved events that this programme holds; all, while it is not whole here. */
export const carriedSlugs = remember([(s) => s.carried, programme, (s) => s.partial], (carried, { events }, partial) =>
  (carried?.slugs ?? []).filter((slug) => partial || events.some((event) => event.slug === slug)));

/** The question about it, and what of it could not be read. */
export const carried = remember([(s) => s.carried, carriedSlugs, words], (given, slugs, t) => {
  if (!given) return { lines: [], can_add: false };
  const count = slugs.length + given.tokens.length;
  const unread = [...given.slugs.filter((slug) => !slugs.includes(slug)), ...(given.cut ? [t("carry.secret", { count: given.cut })] : [])];
  const asked = count ? [t(given.tokens.length ? "carry.question_requests" : "carry.question", { count })] : [];
  return {
    lines: given.key ? [t(given.key)] : [...asked, ...(unread.length ? [t("carry.unread", { names: unread.join(", ") })] : [])],
    can_add: count > 0,
  };
});

export const isFiltered = (s) => Boolean(s.query || s.day || s.site || s.savedOnly);

function ageWords(t, tongue, { now, confirmed, failed }, zone, kind) {
  if (confirmed === null) return failed ? t("freshness.never") : t("freshness.asking");
  const at = (dateAt(confirmed, zone) === dateAt(now, zone) ? "" : `${longDate(dateAt(confirmed, zone), tongue)}, `) + clockTime(confirmed, zone);
  const minutes = Math.floor((now - confirmed) / 60_000);
  if (kind === "offline") return t("freshness.offline", { at });
  return minutes < 1 ? t("freshness.now") : t("freshness.age", { count: minutes, at });
}

const freshParts = remember([minute, (s) => s.confirmed, (s) => s.failed], (now, confirmed, failed) => ({ now: Math.max(now ?? 0, confirmed ?? 0), confirmed, failed }));

export const fresh = remember([freshParts, words, language, conferenceOf], (parts, t, tongue, { timezone }) => {
  const age = parts.confirmed === null ? null : (parts.now - parts.confirmed) / 1000;
  const kind = freshness(age, parts.failed);
  return { kind, text: ageWords(t, tongue, parts, timezone, kind) };
});

/** Whose clock it is, and how far from UTC on these days. */
export function zoneWords(t, tongue, timezone, first, last = first) {
  const [{ minutes }, ...later] = offsets(first, last, timezone);
  const from = later.map((each) => t("conference.offset_from", { date: dayAndMonth(each.date, tongue), offset: offsetWords(each.minutes) }));
  return zoneNamed(t, timezone, [offsetWords(minutes), ...from].join(", "));
}

const zoneNamed = (t, timezone, offset) => t("conference.zone", { city: timezone.split("/").pop().replaceAll("_", " "), offset });

/** The venue's zone with its offset at these instants: several where clocks change between them. */
export const zoneAt = (t, timezone, ...instants) =>
  zoneNamed(t, timezone, [...new Set(instants.map((instant) => offsetWords(offsetMinutes(instant, timezone))))].join(" / "));

/** The days that a page without a day of its own speaks of: the one that is shown, else those to come, else all. */
const shownDays = remember([conferenceOf, (s) => s.day, today], ({ starts, ends }, day, current) =>
  day ? [day, day] : [current > starts && current <= ends ? current : starts, ends]);

const instantWords = (instant, zone, tongue) => `${longDate(dateAt(instant, zone), tongue)} ${dateAt(instant, zone).slice(0, 4)}, ${clockTime(instant, zone)}`;

export const conference = remember([programme, words, language, shownDays], (given, t, tongue, shown) => {
  const { conference: about, release } = given;
  const of = inWords(about.about, tongue);
  return {
    slug: about.slug,
    name: about.name,
    long_name: about.long_name,
    place: about.place,
    address: about.address,
    organisation: about.organisation,
    dates: dateRange(about.starts, about.ends, tongue),
    zone: zoneWords(t, tongue, about.timezone, ...shown),
    introduction: about.introduction,
    about: of.text,
    about_lang: of.lang,
    contact_email: about.contact_email,
    funding_url: about.funding_url,
    release: t("about.release", { number: release.number, at: instantWords(release.released_at, about.timezone, tongue) }),
  };
});

export const banner = remember([(s) => s.preview, running, minute, words, language, conferenceOf], (preview, given, now, t, tongue, about) => ({
  preview: preview ? (now === null ? t("banner.preview") : t("banner.preview_at", { at: instantWords(now, about.timezone, tongue) })) : "",
  over: given.phase === "after" ? t("banner.over", { name: about.name }) : "",
}));

/** The page of one event, or null for a slug the programme does not hold. */
export function eventPage(state, slug) {
  const event = state.programme.events.find((each) => each.slug === slug);
  return event ? pageOf(state, event) : null;
}

const pages = new Map();

function pageOf(state, event) {
  const base = cards(state)[event.slug];
  const t = words(state);
  const known = pages.get(event.slug);
  if (known?.base === base && known.event === event) return known.made;
  const { timezone } = state.programme.conference;
  const text = inWords(event.descriptions, state.language);
  const made = {
    ...base,
    when: `${base.day}, ${base.starts}${base.ends ? `\u2060–\u2060${base.ends}` : ""}`,
    zone: zoneAt(t, timezone, event.starts, event.ends ?? event.starts),
    published: event.published ?? "",
    description: text.text,
    description_lang: text.lang,
    no_description: text.text || state.light ? "" : t("event.no_description"),
    source: event.source ? t("event.source", { name: event.source.name }) : "",
    source_url: event.source?.url ?? "",
    calendar_href: `/api/v1/events/${event.slug}.ics`,
    ends_at: event.ends ?? "",
    summary: `${base.day}, ${base.starts}${base.ends ? `–${base.ends}` : ` (${t("event.no_end")})`}. ${base.room}, ${base.site}.`,
  };
  pages.set(event.slug, { base, event, made });
  return made;
}
