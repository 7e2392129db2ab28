// The door of the saved day: the hook that its Vars call (copapp/offline/day.py), and the hint at the moment of saving. A module of
// its own: the first visit does not carry it; a tap on a star fetches it, also offline from what the worker keeps.
// A phone forgets a tap while it fetches: what copies and shares is here before.
import "./carry.js";
import english from "../i18n/day-en.js";
import * as views from "./day_views.js";
import { bring } from "./language.js";
import { namesOf } from "./phone.js";
import { startRequests } from "./requests.js";
import { set, state, useView } from "./state.js";

const HINT_MS = 20_000;

const ready = bring(english, { fr: () => import("../i18n/day-fr.js"), es: () => import("../i18n/day-es.js"), ru: () => import("../i18n/day-ru.js") });

const parts = {
  days: views.days,
  vanished: views.vanished,
  requests: views.otherRequests,
  asked: views.isAsked,
  meetings: views.meetingCount,
  today: views.todayBelow,
  assumed: (s) => s.programme.conference.assumed_length_minutes,
};

export const useDay = (part) => useView(parts[part]);

export const jumpToToday = () => document.querySelector(`[data-day="${views.todayBelow(state())}"]`)?.scrollIntoView();

const isHint = (notice) => notice?.key === "day.hint";

/** What an event that was just saved clashes with, said once and quietly; what an earlier hint said goes. */
export async function hint(slug) {
  if (namesOf("request:").length) startRequests();
  await ready;
  const text = slug in state().bookmarks ? views.hintOf(state(), slug) : "";
  if (!text && !isHint(state().notice)) return;
  const notice = text ? { key: "day.hint", text } : null;
  set({ notice });
  setTimeout(() => notice && state().notice === notice && set({ notice: null }), HINT_MS);
}
