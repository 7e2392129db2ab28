// What the pages of meetings draw. Their shapes are copapp/offline/meeting_views.py.
import { LANGUAGES } from "./language.js";
import { form } from "./meeting_form.js";
import { remember } from "./state.js";
import { words, zoneAt } from "./views.js";
import { clockTime, dateAt, dayAndMonth, dayNumber, longDate, phoneTime, weekday } from "./words.js";

const language = (s) => s.language;
const programme = (s) => s.programme;
const minute = (s) => (s.now === null ? null : Math.floor(s.now / 60_000) * 60_000);

const today = (s) => (s.now === null ? "" : dateAt(s.now, s.programme.conference.timezone));

const timeWords = (instant, zone, tongue) => `${longDate(dateAt(instant, zone), tongue)}, ${clockTime(instant, zone)}`;
const spanWords = ({ starts, ends }, zone, tongue) => timeWords(starts, zone, tongue) + (ends ? `–${clockTime(ends, zone)}` : "");

function stateOf(slot, whom) {
  if (!whom || slot.state === "unavailable") return slot.state;
  if (slot.whom.includes(whom)) return "free";
  return slot.asks.includes(whom) ? "ask" : "unavailable";
}

/** The days that have slots, and the slots of the chosen one; a slot that has begun since is not to be had. */
function choices(offer, chosen, day, whom, now, t, tongue, zone) {
  const slots = offer.slots.map((slot) => ({ ...slot, date: dateAt(slot.starts, zone), state: now !== null && Date.parse(slot.starts) <= now ? "unavailable" : stateOf(slot, whom) }));
  const dates = [...new Set(slots.filter(({ state }) => state !== "unavailable").map(({ date }) => date))];
  const current = dates.includes(day) ? day : (dates[0] ?? "");
  const shown = slots.filter(({ date }) => date === current);
  return {
    zone: current && zoneAt(t, zone, ...shown.flatMap(({ starts, ends }) => [starts, ends])),
    days: dates.map((date) => ({ date, short: `${weekday(date, tongue)} ${dayNumber(date)}`, label: longDate(date, tongue), is_current: date === current })),
    slots: shown.map(({ starts, ends, state }) => ({
      starts,
      time: clockTime(starts, zone),
      ends: clockTime(ends, zone),
      state,
      label: t(`slot.${state}`),
      is_chosen: starts === chosen,
      own: phoneTime(starts, zone, tongue),
    })),
  };
}

const aboutDay = (s) => {
  const about = s.programme.events.find(({ slug }) => slug === form(s).event);
  return form(s).day || (form(s).slot && dateAt(form(s).slot, s.programme.conference.timezone)) || (about ? dateAt(about.starts, s.programme.conference.timezone) : "");
};

export const slotChoices = remember(
  [(s) => s.offer, (s) => form(s).slot, aboutDay, (s) => form(s).whom, minute, words, language, programme],
  (offer, chosen, day, whom, now, t, tongue, { conference }) =>
    offer ? choices(offer, chosen, day, whom, now, t, tongue, conference.timezone) : { zone: "", days: [], slots: [] });

export const members = remember([(s) => s.offer, (s) => form(s).whom], (offer, whom) =>
  (offer?.members ?? []).map(({ slug, name, role, languages }) => ({ slug, label: [name, role].filter(Boolean).join(", ") + (languages.length ? ` (${languages.join(", ")})` : ""), is_chosen: slug === whom })));

export const eventChoices = remember([programme, language], ({ events, conference }, tongue) =>
  events.filter(({ status }) => status !== "cancelled").map(({ slug, title, starts }) => ({ slug, label: `${timeWords(starts, conference.timezone, tongue)} · ${title}` })));

export const tongues = remember([words], (t) => LANGUAGES.map((code) => ({ slug: code, label: t(`language.name.${code}`) })));

const wrongWords = (t, code) => (code ? t(`form.wrong.${code}`) : "");

export const fields = remember([form, (s) => s.wrong, words, language], (draft, wrong, t, tongue) => ({
  name: draft.name,
  organisation: draft.organisation,
  email: draft.email,
  reason: draft.reason,
  event: draft.event,
  slot: draft.slot,
  whom: draft.whom,
  language: draft.language || tongue,
  website: draft.website,
  consent: draft.consent,
  wrong_name: wrongWords(t, wrong.name),
  wrong_organisation: wrongWords(t, wrong.organisation),
  wrong_email: wrongWords(t, wrong.email),
  wrong_reason: wrongWords(t, wrong.reason),
  wrong_slot: wrongWords(t, wrong.slot),
  wrong_whom: wrongWords(t, wrong.whom),
  wrong_event: wrongWords(t, wrong.event),
  wrong_consent: wrongWords(t, wrong.consent),
  wrong_count: Object.keys(wrong).length,
}));

/** What would be sent, in one sentence a line. */
export const summary = remember([form, (s) => s.offer, words, language, programme], (draft, offer, t, tongue, { conference, events }) => {
  const about = events.find(({ slug }) => slug === draft.event)?.title;
  const whom = offer?.members.find(({ slug }) => slug === draft.whom)?.name;
  return {
    when: draft.slot ? timeWords(draft.slot, conference.timezone, tongue) : t("meet.any_time"),
    whom: whom ?? t("meet.anyone"),
    about: about ?? "",
  };
});

export const terms = remember([(s) => s.offer, words, language, programme, minute], (offer, t, tongue, { conference }, now) => {
  const isOver = now !== null && dateAt(now, conference.timezone) > conference.ends;
  return {
    is_open: offer ? offer.open && !isOver : !isOver,
    has_offer: offer !== null,
    consent: offer
      ? t("meet.consent", { days: offer.retention_days, date: `${dayAndMonth(offer.erased_on, tongue)} ${offer.erased_on.slice(0, 4)}` })
      : t("meet.consent_unknown"),
  };
});

const placeWords = ({ place, room }, { rooms, sites }) => {
  if (place) return place;
  const found = rooms.find(({ slug }) => slug === room);
  return found ? `${found.name}, ${sites.find(({ slug }) => slug === found.site).name}` : "";
};

function ageWords(t, { confirmed }, today, zone, tongue) {
  if (!confirmed) return "";
  return t("request.as_of", { at: dateAt(confirmed, zone) === today ? clockTime(confirmed, zone) : timeWords(confirmed, zone, tongue) });
}

function lines(view, t, zone, tongue) {
  return view.history.map(({ at, actor, kind, starts, ends, words: said }) => ({
    at: timeWords(at, zone, tongue),
    text: t(`move.${actor}.${kind}`) + (starts && kind !== "cancel" ? ` · ${spanWords({ starts, ends }, zone, tongue)}` : ""),
    words: actor === "staff" ? said : "",
  }));
}

function card(request, given, t, tongue, unreached, today) {
  const { conference, events } = given;
  const zone = conference.timezone;
  const { view, form: sent } = request;
  const asked = view ?? sent ?? {};
  const meeting = view?.meeting;
  const proposal = view?.proposal;
  const waits = proposal?.by === "staff" && request.status === "proposed";
  const isLater = request.status === "queued" && Boolean(request.problem);
  const wrong = (request.problem?.errors ?? []).map(({ field, code }) => `${t(`form.${field}`)}: ${t(`form.wrong.${code}`)}`);
  return {
    key: request.key,
    token: request.token,
    href: request.token ? `/meet/${request.token}` : "",
    status: request.status,
    label: t(`request.status.${request.status}`),
    hint: request.status === "queued" ? t(`request.hint.${isLater ? "later" : unreached ? "queued" : "sending"}`) : t(`request.hint.${request.status}${meeting && request.status === "proposed" ? "_move" : ""}`),
    name: asked.name ?? "",
    organisation: asked.organisation ?? "",
    reason: asked.reason ?? "",
    about: events.find(({ slug }) => slug === asked.event)?.title ?? "",
    wish: asked.slot ? timeWords(asked.slot, zone, tongue) : t("meet.any_time"),
    with_whom: view?.with ? [view.with.name, view.with.role].filter(Boolean).join(", ") : "",
    meeting: meeting ? spanWords(meeting, zone, tongue) : "",
    place: meeting ? placeWords(meeting, given) || t("request.place_unknown") : "",
    proposal: proposal ? spanWords(proposal, zone, tongue) : "",
    proposal_place: proposal ? placeWords(proposal, given) : "",
    proposal_day: proposal ? dateAt(proposal.starts, zone) : "",
    proposal_id: proposal?.id ?? 0,
    proposal_words: proposal?.words ?? "",
    is_asked: waits,
    is_open: ["pending", "proposed", "countered", "accepted"].includes(request.status),
    is_kept_by_server: Boolean(request.token) && request.status !== "erased",
    words: ["declined", "cancelled"].includes(request.status) ? (view?.words ?? "") : "",
    calendar_href: view?.calendar ?? "",
    wrong: request.problem && !isLater ? (wrong.length ? wrong.join(" ") : t(`request.problem.${request.problem.code}`)) : "",
    as_of: ageWords(t, request, today, zone, tongue),
    meeting_zone: meeting ? zoneAt(t, zone, meeting.starts, meeting.ends) : "",
    history: view ? lines(view, t, zone, tongue) : [],
  };
}

/** One card a request, the newest first. */
export const requests = remember([(s) => s.requests, programme, words, language, (s) => s.unreached, today], (kept, given, t, tongue, unreached, date) =>
  kept.map((request) => card(request, given, t, tongue, unreached, date)));

/** The request that was written on this page a moment ago. */
export const justAsked = (s) => (s.asking ? (requests(s).find(({ key }) => key === s.asking) ?? null) : null);

export const acted = remember([(s) => s.acted, words], (code, t) => (code ? t(`request.acted.${code}`) : ""));

export const requestOf = (s, token) => requests(s).find((each) => each.token === token) ?? null;
