// What the pages of calendars draw. Their shapes are copapp/offline/calendar_views.py.
import { due, lost, others } from "./my_calendar.js";
import { conferenceDays } from "./rules.js";
import { remember } from "./state.js";
import { words } from "./views.js";
import { clockTime, dateAt, longDate } from "./words.js";

const REMINDERS = [5, 10, 15, 30, 60];

const programme = (s) => s.programme;
const language = (s) => s.language;
const isStarted = (s) => s.started;

/** How each program takes an address in. Google's and Microsoft's servers fetch it themselves, and only over https. */
function ways(address, name) {
  const webcal = address.replace(/^https?:/, "webcal:");
  const given = `?url=${encodeURIComponent(address)}&name=${encodeURIComponent(name)}`;
  return {
    address,
    webcal,
    google: `https://calendar.google.com/calendar/r?cid=${encodeURIComponent(webcal)}`,
    outlook: `https://outlook.office.com/calendar/0/addfromweb${given}`,
    outlook_home: `https://outlook.live.com/calendar/0/addfromweb${given}`,
    is_public: address.startsWith("https:"),
  };
}

export const alarms = remember([words, (s) => s.calendar?.alarm ?? null], (t, alarm) => {
  const minutes = [...new Set([...REMINDERS, ...(alarm === null ? [] : [alarm])])].sort((one, other) => one - other);
  return [{ value: "", label: t("calendars.no_alarm") }, ...minutes.map((each) => ({ value: String(each), label: t("calendars.alarm", { minutes: each }) }))];
});

const atWords = (instant, now, zone, tongue) => (dateAt(instant, zone) === dateAt(now, zone) ? "" : `${longDate(dateAt(instant, zone), tongue)}, `) + clockTime(instant, zone);

function stateWords({ calendar, isUnreached, now }, waits, t, tongue, zone) {
  if (calendar.refused && waits) return t("calendars.problem.full");
  if (calendar.status === "making" && calendar.problem) return t(`calendars.later.${calendar.problem}`);
  if (waits) return t(isUnreached ? "calendars.waits" : "calendars.sending");
  if (!calendar.confirmed || now === null) return "";
  return t("calendars.as_of", { at: atWords(calendar.confirmed, now, zone, tongue) });
}

const NONE = { status: "none", ...ways("", ""), alarm: "", state: "", waits: false, others: 0, lost: 0, problem: "", expires: "" };

function drawn(s, { conference }, t) {
  const { calendar, language: tongue } = s;
  const isLive = calendar.status === "live";
  const waits = !isLive || due(s) !== null;
  return {
    status: calendar.status === "making" && calendar.address ? "replacing" : calendar.status,
    ...ways(calendar.address, t("calendars.name", { name: conference.name })),
    alarm: calendar.alarm === null ? "" : String(calendar.alarm),
    state: stateWords(s, waits, t, tongue, conference.timezone),
    waits,
    others: waits ? 0 : others(s).length,
    lost: waits ? 0 : lost(s).length,
    problem: calendar.status === "over" ? t(`calendars.problem.${calendar.problem}`) : "",
    expires: calendar.expires ? longDate(dateAt(calendar.expires, conference.timezone), tongue) : "",
  };
}

const calendarOf = (s) => s.calendar ?? null;
const isUnreachedBy = (s) => Boolean(s.calendarUnreached || s.failed);
const minute = (s) => (s.now === null ? null : Math.floor(s.now / 60_000) * 60_000);

/** The calendar of this phone, and how far it has come. */
export const mine = remember(
  [calendarOf, (s) => s.bookmarks, (s) => s.requests, (s) => s.problems, isUnreachedBy, minute, programme, words, language],
  (calendar, bookmarks, requests, problems, isUnreached, now, given, t, tongue) =>
    calendar ? drawn({ calendar, bookmarks, requests, problems, language: tongue, isUnreached, now }, given, t) : NONE,
);

export const said = remember([(s) => s.calendarSaid, words], (key, t) => (key ? t(`calendars.said.${key}`) : ""));

function dates({ conference, events }) {
  const busy = events.map(({ starts }) => dateAt(starts, conference.timezone));
  return [...new Set([...conferenceDays(conference.starts, conference.ends), ...busy])].sort();
}

export const choices = remember([programme, language], (given, tongue) => ({
  days: dates(given).map((date) => ({ value: `days/${date}`, label: longDate(date, tongue) })),
  sites: given.sites.map(({ slug, name }) => ({ value: `sites/${slug}`, label: name })),
  rooms: given.rooms.map(({ slug, name, site }) => ({ value: `rooms/${slug}`, label: `${name}, ${given.sites.find((each) => each.slug === site).name}` })),
}));

/** What is chosen to be followed: all of the programme, or a part of it that the programme holds. */
export const chosen = remember([choices, (s) => s.followed ?? "", programme, words, language, isStarted], ({ days, sites, rooms }, value, { conference }, t, tongue, awake) => {
  const found = [...days, ...sites, ...rooms].find((each) => each.value === value);
  const path = `/api/v1/${found ? value : "programme"}.ics${tongue === "en" ? "" : `?language=${tongue}`}`;
  const name = `${conference.name} · ${found?.label ?? conference.organisation}`;
  return { value: found?.value ?? "", name: found?.label ?? t("calendars.everything"), href: path, ...ways(awake ? location.origin + path : "", name) };
});
