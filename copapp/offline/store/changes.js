// The door of the changelog: what changed from release to release, old to new. No part of what `/` loads.
import { useEffect } from "react";
import english from "../i18n/changes-en.js";
import { bring } from "./language.js";
import { remember, set, state, useView } from "./state.js";
import { words } from "./views.js";
import { clockTime, dateAt, longDate } from "./words.js";

const GIVE_UP_MS = 10_000;
const TEXTS = ["published", "descriptions", "source"];

bring(english, { fr: () => import("../i18n/changes-fr.js"), es: () => import("../i18n/changes-es.js"), ru: () => import("../i18n/changes-ru.js") });

const at = (instant, zone, tongue) => `${longDate(dateAt(instant, zone), tongue)}, ${clockTime(instant, zone)}`;

/** A time alone where the day stayed. */
function timeWas({ was, is }, zone, tongue) {
  return is && dateAt(was, zone) === dateAt(is, zone) ? clockTime(was, zone) : at(was, zone, tongue);
}

function was(change, t, zone, tongue) {
  if (change.was === null) return t("event.no_end");
  if (change.field === "status") return t(`status.${change.was}`);
  return change.field === "starts" || change.field === "ends" ? timeWas(change, zone, tongue) : change.was;
}

function lines({ fate, changes }, t, zone, tongue) {
  if (fate === "added") return [t("change.added")];
  if (fate === "removed") return [t("changes.removed")];
  const said = changes.map((change) => (TEXTS.includes(change.field) ? t("changes.text") : t(`change.${change.field}`, { was: was(change, t, zone, tongue) })));
  return [...new Set(said)];
}

function summary({ number, restores, events }, t) {
  if (restores) return t("changes.restores", { number: restores });
  if (number === 1) return t("changes.first");
  return events.length ? "" : t("changes.nothing");
}

const releases = remember(
  [(s) => s.changelog, (s) => s.programme, words, (s) => s.language],
  (changelog, { conference, events: current }, t, tongue) => {
    const known = new Set(current.map(({ slug }) => slug));
    return (changelog?.releases ?? []).map((release) => ({
      id: `release-${release.number}`,
      title: t("changes.release", { number: release.number }),
      at: at(release.released_at, conference.timezone, tongue),
      instant: release.released_at,
      note: release.note,
      summary: summary(release, t),
      events: release.events.map((event) => ({
        slug: event.slug,
        href: known.has(event.slug) ? `/event/${event.slug}` : "",
        title: event.title,
        lines: lines(event, t, conference.timezone, tongue),
      })),
    }));
  },
);

const parts = { releases, isMissed: (s) => s.changelogMissed && !s.changelog };

export const useChanges = (part) => useView(parts[part]);

/** A page behind a captive portal answers 200 too: only a list of releases counts. */
async function ask(address, cache) {
  const response = await fetch(address, { cache, signal: AbortSignal.timeout(GIVE_UP_MS) });
  const found = await response.json();
  if (!Array.isArray(found?.releases)) throw new Error("not a changelog");
  set({ changelog: found });
}

async function renew() {
  if (!state().changelog) await ask("/changes.json").catch(() => {});
  await ask("/api/v1/changes", "no-cache").catch(() => {});
  if (!state().changelog) set({ changelogMissed: true });
}

const newest = (s) => s.programme.release.number;

/** Once on the page: asked for when it opens, and again with each release. */
export function useFollowing() {
  const awake = useView((s) => s.started);
  const release = useView(newest);
  useEffect(() => {
    if (awake) renew();
  }, [awake, release]);
  return true;
}
