// The door of what can be followed in a calendar program: the hooks that its Vars call (copapp/offline/calendars.py) and the acts
// that a tap does. No part of what `/` loads.
import { useEffect } from "react";
import english from "../i18n/calendars-en.js";
import { addAll } from "./bookmarks.js";
import * as views from "./calendar_views.js";
import { codeOf } from "./carry.js";
import { bring } from "./language.js";
import { chooseAlarm, forgetCalendar, join, look, makeCalendar, others, putBack, startCalendar, stopCalendar, tokenIn } from "./my_calendar.js";
import { namesOf } from "./phone.js";
import { copy } from "./share.js";
import { set, state, useView } from "./state.js";

bring(english, { fr: () => import("../i18n/calendars-fr.js"), es: () => import("../i18n/calendars-es.js"), ru: () => import("../i18n/calendars-ru.js") });

const parts = {
  mine: views.mine,
  alarms: views.alarms,
  choices: views.choices,
  chosen: views.chosen,
  sure: (s) => s.calendarSure ?? "",
  said: views.said,
  code: (s) => s.calendarCode ?? "",
};

export const useCalendars = (part) => useView(parts[part]);

const isAwake = (s) => s.started;
const CALM = { calendarSure: "", calendarSaid: "", calendarCode: "" };

/** Once on the page of what is saved: a calendar that is there is looked at whenever the person comes back to it. */
export function useMine() {
  const awake = useView(isAwake);
  useEffect(() => {
    if (!awake) return undefined;
    set(CALM);
    const wake = () => document.hidden || look();
    if (namesOf("calendar").length) {
      startCalendar();
      wake();
    }
    document.addEventListener("visibilitychange", wake);
    return () => document.removeEventListener("visibilitychange", wake);
  }, [awake]);
  return true;
}

/** Once on the page of the public ones: its address may name one, as `?rooms=` and its slug. */
export function useChosen() {
  const awake = useView(isAwake);
  useEffect(() => {
    const [named] = new URLSearchParams(location.search);
    if (awake) set({ ...CALM, followed: named ? named.join("/") : "" });
  }, [awake]);
  return true;
}

export const choose = (followed) => set({ followed, calendarCode: "" });
export const make = () => makeCalendar();
export const askFirst = (what) => set({ calendarSure: state().calendarSure === what ? "" : what });
export const leaveIt = () => forgetCalendar();
export const joinOffered = () => join(state().calendar.token);
export const alarm = (minutes) => chooseAlarm(minutes === "" ? null : Number(minutes));
export const copyAddress = (address) => copy(address);

export function replace() {
  set(CALM);
  makeCalendar();
}

export async function stop() {
  const isOver = await stopCalendar();
  set({ ...CALM, calendarSaid: isOver ? "stopped" : "not_stopped" });
}

/** A whole address joins at once: it comes by pasting. */
export function pasteAddress(text) {
  const token = tokenIn(text);
  set({ calendarSaid: text.trim() && !token ? "no_address" : "" });
  if (token) join(token);
}

export async function showCode(address) {
  set({ calendarCode: state().calendarCode ? "" : await codeOf(address) });
}

export const saveOthers = () => addAll(others(state()));

export { putBack };
