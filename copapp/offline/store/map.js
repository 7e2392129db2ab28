// The door of the map: the hooks and acts of its pages. No part of what `/` loads.
import { useEffect } from "react";
import { useLocation, useNavigate, useParams } from "react-router";
import english from "../i18n/map-en.js";
import { avoidsStairs } from "./address.js";
import { bring } from "./language.js";
import { viewsOf } from "./map_views.js";
import { share } from "./share.js";
import { set, state, useView } from "./state.js";
import { refreshVenue } from "./venue.js";

bring(english, { fr: () => import("../i18n/map-fr.js"), es: () => import("../i18n/map-es.js"), ru: () => import("../i18n/map-ru.js") });

/** The room of the address, the one to go to, and whether stairs are to be avoided: known of the address once the page is awake. */
function useAsked() {
  const { room = "", to = "" } = useParams();
  const { search } = useLocation();
  const awake = useView((s) => s.started);
  return viewsOf(room, to, awake && avoidsStairs(search));
}

export function useMap(part) {
  const asked = useAsked();
  return useView(asked[part]);
}

/** For an event's page: the view of a small plan with that room lit. */
export function smallPlan(room) {
  return viewsOf(room, "", false).mini;
}

let hands = null;

const touch = (act) => () => hands?.then((plan) => plan[act](), () => {});
export const zoomIn = touch("zoomIn");
export const zoomOut = touch("zoomOut");
export const showWhole = touch("showWhole");

/** Once on every page of the map: the plan is fetched, and can be moved once it is drawn. */
export function useFollowing() {
  const awake = useView((s) => s.started);
  const asked = useAsked();
  const plan = useView(asked.plan);
  const isDrawn = useView((s) => asked.isDrawn(s) && !s.mapAsText);
  useEffect(() => {
    if (awake) refreshVenue();
  }, [awake]);
  useEffect(() => {
    if (!awake || !isDrawn) return undefined;
    const moved = import("./pan.js").then(({ movable }) => movable(document.getElementById("stage")));
    hands = moved;
    return () => {
      hands = null;
      moved.then((held) => held.leave(), () => {});
    };
  }, [awake, isDrawn]);
  useEffect(() => {
    hands?.then((held) => held.settle(plan), () => {});
  }, [awake, plan, isDrawn]);
  return true;
}

function useGo(address) {
  const navigate = useNavigate();
  const { room = "", to = "" } = useParams();
  const { search } = useLocation();
  const avoids = avoidsStairs(search);
  return (value) => navigate(address({ room, to, avoids, value }), { preventScrollReset: true });
}

const wayAt = (from, to, avoids) => `/map/${from}/${to}${avoids ? "?stairs=no" : ""}`;

export const useGoFrom = () => useGo(({ room, to, avoids, value }) => wayAt(value, to || room, avoids));
export const useGoTo = () => useGo(({ room, avoids, value }) => wayAt(room, value, avoids));
export const useAvoiding = () => useGo(({ room, to, avoids }) => wayAt(room, to, !avoids));

export const showText = () => set({ mapAsText: true });
export const showPlan = () => set({ mapAsText: false });

/** For as long as this address is shown; the next one shows the levels of its own rooms. */
export function chooseLevel(at, site, level) {
  const { levels } = state();
  set({ levels: { ...(levels.at === at ? levels : {}), at, [site]: level } });
}


export const shareHere = () => share(document.title, location.href);
export const showHereCode = async () => (await import("./carry.js")).drawCode(location.href);

export { refreshVenue };
