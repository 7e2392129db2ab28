// The door of the meeting pages: the hooks that their Vars call (copapp/offline/meetings.py) and the acts that a tap does.
// A module of its own: a first visit to the programme does not carry it.
import { useEffect } from "react";
import { useLocation, useParams } from "react-router";
import english from "../i18n/meet-en.js";
import { bring } from "./language.js";
import { ask, askAnother, chooseDay, chooseSlot, chooseWhom, consent, correct, fill, form, recallForm, rememberTyped, startForm } from "./meeting_form.js";
import * as views from "./meeting_views.js";
import { recallOffer, refreshOffer } from "./offer.js";
import { adopt, answer, cancel, drop, erase, startRequests, watch } from "./requests.js";
import { set, state, useView } from "./state.js";

bring(english, { fr: () => import("../i18n/meet-fr.js"), es: () => import("../i18n/meet-es.js"), ru: () => import("../i18n/meet-ru.js") });

const ADOPT_AGAIN_MS = 4_000;

const parts = {
  fields: views.fields,
  slots: (s) => views.slotChoices(s).slots,
  days: (s) => views.slotChoices(s).days,
  zone: (s) => views.slotChoices(s).zone,
  members: views.members,
  events: views.eventChoices,
  tongues: views.tongues,
  summary: views.summary,
  terms: views.terms,
  requests: views.requests,
  kept: (s) => views.justAsked(s) !== null,
  newest: views.justAsked,
  acted: views.acted,
  countering: (s) => s.countering,
  sure: (s) => s.sure,
};

export const useMeetings = (part) => useView(parts[part]);

export function useRequest() {
  const { token } = useParams();
  return useView((s) => views.requestOf(s, token));
}

/** Why there is nothing to show: "looking", "unreached", "unknown", "erased". */
export function useMissing() {
  const { token } = useParams();
  return useView((s) => (Object.hasOwn(s.missing, token) ? s.missing[token] : "looking"));
}

const isAwake = (s) => s.started;

/** Once on every page of meetings: requests are followed while it is shown. */
export function useFollowing() {
  const awake = useView(isAwake);
  const { pathname, search } = useLocation();
  useEffect(rememberTyped, []);
  useEffect(() => {
    if (!awake) return undefined;
    startRequests();
    recallForm();
    watch(true);
    set({ acted: "", countering: false, sure: "" });
    if (pathname === "/meet") startForm(search);
    return () => watch(false);
  }, [awake, pathname, search]);
  return true;
}

/** The page of one request: what its link names is taken in. */
export function useAdopted() {
  const awake = useView(isAwake);
  const { token } = useParams();
  useEffect(() => {
    if (!awake || !token) return undefined;
    let hasLeft = false;
    const learn = (found) => set({ missing: { ...state().missing, [token]: found } });
    const takeIn = () => hasLeft || adopt(token).then(learn, () => {
      learn("unreached");
      setTimeout(takeIn, ADOPT_AGAIN_MS);
    });
    takeIn();
    return () => { hasLeft = true; };
  }, [awake, token]);
  return true;
}

async function act(key, ask_) {
  const code = await ask_(key);
  set({ acted: code, countering: false, sure: "" });
}

export const acceptProposal = (key, proposal) => act(key, () => answer(key, { action: "accept", proposal }));
export const declineProposal = (key, proposal) => act(key, () => answer(key, { action: "decline", proposal }));
export const counterProposal = (key, proposal, slot) => act(key, () => answer(key, { action: "counter", proposal, slot }));
export const cancelRequest = (key) => act(key, cancel);
export const eraseRequest = (key) => act(key, erase);

/** Offer the slots, on the day that is talked of first. */
export function counter(day) {
  recallOffer();
  refreshOffer();
  set({ countering: !state().countering, sure: "", form: { ...form(state()), day, whom: "" } });
}

export const beSure = (what) => set({ sure: state().sure === what ? "" : what });

export const fillName = (value) => fill("name", value);
export const fillOrganisation = (value) => fill("organisation", value);
export const fillEmail = (value) => fill("email", value);
export const fillReason = (value) => fill("reason", value);
export const fillEvent = (value) => fill("event", value);
export const fillLanguage = (value) => fill("language", value);
export const fillWebsite = (value) => fill("website", value);

export { ask, askAnother, chooseDay, chooseSlot, chooseWhom, consent, correct, drop };
