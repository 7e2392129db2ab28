// Instants and dates as people read them: the venue's clock always, the phone's own only beside it.
const formats = new Map();

/** Making a format is slow, and a list asks for the same few a thousand times. */
function format(language, options) {
  const key = language + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, options));
  return formats.get(key);
}

export const clockTime = (instant, timeZone) => format("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone }).format(new Date(instant));

/** The date of an instant at a place, as YYYY-MM-DD. */
export const dateAt = (instant, timeZone) => format("sv", { year: "numeric", month: "2-digit", day: "2-digit", timeZone }).format(new Date(instant));

const noon = (date) => new Date(`${date}T12:00:00Z`);
const named = (date, language, options) => format(language, { ...options, timeZone: "UTC" }).format(noon(date));

export const weekday = (date, language) => named(date, language, { weekday: "short" }).replace(".", "");
export const dayNumber = (date) => String(Number(date.slice(8)));

/** "12–17 February 2024", put together because browsers differ in how they write ranges. */
export function dateRange(from, to, language) {
  const last = named(to, language, { day: "numeric", month: "long", year: "numeric" });
  if (from === to) return last;
  const first = from.slice(0, 7) === to.slice(0, 7) ? dayNumber(from) : dayAndMonth(from, language);
  return `${first}–${last}`;
}

export const dayAndMonth = (date, language) => named(date, language, { day: "numeric", month: "long" });

/** "Tuesday 13 February", put together from its parts because browsers differ in their commas. */
export function longDate(date, language) {
  const name = named(date, language, { weekday: "long" });
  return `${name[0].toUpperCase()}${name.slice(1)} ${dayAndMonth(date, language)}`;
}

/** Minutes east of UTC at an instant. */
export function offsetMinutes(instant, timeZone) {
  const parts = Object.fromEntries(
    format("en", { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23", timeZone })
      .formatToParts(new Date(instant))
      .map(({ type, value }) => [type, Number(value)]),
  );
  const there = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  return Math.round((there - Math.floor(new Date(instant) / 1000) * 1000) / 60_000);
}

/** "UTC+5:30" for minutes east of it. */
export function offsetWords(minutes) {
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? "−" : "+"}${Math.floor(Math.abs(minutes) / 60)}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
}

/** The phone's own time of an instant, with its weekday where the day differs; "" where the clocks agree. */
export function phoneTime(instant, timeZone, language) {
  if (-new Date(instant).getTimezoneOffset() === offsetMinutes(instant, timeZone)) return "";
  const date = dateAt(instant);
  const day = date === dateAt(instant, timeZone) ? "" : `${weekday(date, language)} `;
  return day + clockTime(instant);
}
