// The door of the client store: the hooks that the pages' Vars call (copapp/offline/live.py) and the acts that a tap does.
import { useEffect, useMemo } from "react";
import { useLocation, useNavigate, useParams } from "react-router";
import { filtersOf, isCarrying, meantPath, nearest, searchOf } from "./address.js";
import { startBookmarks, toggle } from "./bookmarks.js";
import { startCalendars } from "./calendar.js";
import { chooseLanguage, startLanguage } from "./language.js";
import { namesOf, onOtherTab, warnIfBlocked } from "./phone.js";
import { markRead, refresh, startProgramme } from "./programme.js";
import { copy, install, share, startInstall } from "./share.js";
import { set, state, useView } from "./state.js";
import * as views from "./views.js";
import { acceptUpdate, dismissUpdate, startWorker } from "./worker.js";

const parts = {
  ...views,
  language: (s) => s.language,
  query: (s) => s.query,
  all_days: (s) => s.day === "",
  all_sites: (s) => s.site === "",
  saved_only: (s) => s.savedOnly,
  saved_count: (s) => Object.keys(s.bookmarks).length,
  filtered: views.isFiltered,
  changed_count: views.changedCount,
  problems: (s) => s.problems,
  notice: (s) => (s.notice ? views.words(s)(s.notice.key, s.notice) : ""),
  sheet: (s) => s.sheet,
  qr: (s) => s.qr,
  update: (s) => s.update,
  install: (s) => s.install,
  partial: (s) => s.partial,
  posters: (s) => s.posters,
};

export const useLive = (part) => useView(parts[part]);
export const useWords = () => useView(views.words);

export function useEvent() {
  const { slug } = useParams();
  return useView((s) => views.eventPage(s, slug));
}

/** The event that a wrong address is most like, or null. */
export function useNearest() {
  const { slug = "" } = useParams();
  const events = useView((s) => views.known(s).events);
  const found = useMemo(() => nearest(slug, events), [slug, events]);
  return useView((s) => views.cards(s)[found] ?? null);
}

function readAddress(pathname, search) {
  set(filtersOf(pathname === "/" ? search : "", views.choices(state())));
  writeAddress();
}

function writeAddress() {
  const search = searchOf(state());
  if (location.pathname === "/" && location.search !== search) history.replaceState(history.state, "", location.pathname + search + location.hash);
}

/** A release may take away a day or a site that somebody is looking at. */
function keepKnown() {
  const { day, site } = state();
  const { days, sites } = views.choices(state());
  const kept = { day: days.includes(day) ? day : "", site: sites.includes(site) ? site : "" };
  if (kept.day !== day || kept.site !== site) filter(kept);
}

const SOME = 20;

/** Whoever searches sees the first events at once, and more of a long list as far as one scrolls. */
export function drawSome(patch) {
  set({ ...patch, drawn: SOME });
  requestAnimationFrame(drawMore);
}

function filter(patch) {
  drawSome(patch);
  writeAddress();
}

const drawAll = () => set({ drawn: Infinity });

function drawMore() {
  const { drawn } = state();
  if (drawn >= views.chosen(state()).length || scrollY + 2 * innerHeight < document.body.scrollHeight) return;
  set({ drawn: drawn + SOME });
  requestAnimationFrame(drawMore);
}

export const search = (query) => filter({ query });
export const chooseDay = (day) => filter({ day });
export const chooseSite = (site) => filter({ site });
export const showSaved = () => filter({ savedOnly: !state().savedOnly });
export const clearFilters = () => filter({ query: "", day: "", site: "", savedOnly: false });

export function jumpToNow() {
  const [first] = views.nowNext(state()).briefs;
  if (views.isFiltered(state())) clearFilters();
  drawAll();
  requestAnimationFrame(() => document.querySelector(`[data-event="${first.slug}"]`)?.scrollIntoView({ block: "center" }));
}

export const openSheet = (sheet) => set({ sheet, qr: "" });
export const closeSheet = () => set({ sheet: "", qr: "" });
export const closeNotice = () => set({ notice: null });
// Few visits carry anything: that part comes when it is asked for. The saved page brings it along (day.js).
const carry = () => import("./carry.js");
const drawCode = async (address) => (await carry()).drawCode(address);

export const copyCarriedText = async () => copy((await carry()).carriedText());
export const copyCarriedLink = async () => copy((await carry()).carriedLink());
export const showCarriedCode = async () => drawCode((await carry()).carriedLink());
export const shareCarried = async () => share(document.title, (await carry()).carriedLink());
export const acceptCarried = async () => (await carry()).acceptCarried();
export const dismissCarried = () => set({ carried: null });
export const typeCarried = async (text) => (await carry()).typeCarried(text);
export const leaveCarried = async (text) => text.trim() && (await carry()).offerCarried(text);

/** A link that carries saved events opens as a question, never as a change; also while the app is open. */
function takeCarried() {
  const text = location.hash + location.pathname; // some chats write the # as %23
  if (!isCarrying(text)) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  carry().then(({ offerCarried }) => offerCarried(text), () => {});
}

const addressOf = (slug) => `${location.origin}/event/${slug}`;
export const shareEvent = (slug) => share(views.eventPage(state(), slug)?.title ?? document.title, addressOf(slug));
export const showEventCode = (slug) => drawCode(addressOf(slug));
export const readAll = () => markRead(null);

export { acceptUpdate, chooseLanguage, dismissUpdate, install, refresh, toggle };

/** Whoever has asked for a meeting, or has a calendar, is followed on every page; nobody else carries those parts. */
function followMine() {
  if (["request:", "calendar"].some((name) => namesOf(name).length)) import("./follow.js").then(({ follow }) => follow(), () => {});
}

function start() {
  warnIfBlocked();
  startLanguage();
  startBookmarks();
  takeCarried();
  addEventListener("hashchange", takeCarried);
  startInstall();
  addEventListener("scroll", drawMore);
  addEventListener("beforeprint", drawAll);
  startCalendars();
  startWorker();
  set({ started: true });
  dispatchEvent(new CustomEvent("copapp:started")); // else `repair.js` says that a part is missing
  startProgramme();
  followMine();
  onOtherTab("", followMine);
}

// The page that came with the load leaves the focus where the browser put it, before the skip link.
let shown = null;

/** Once a page: the store wakes, the address becomes filters, an opened event counts as read, focus follows the new page. */
export function useDelegate() {
  const { key, pathname, search: given } = useLocation();
  const programme = useView((s) => s.programme);
  const navigate = useNavigate();
  useEffect(() => {
    if (!state().started) start();
    readAddress(pathname, given);
    closeSheet();
    return () => pathname.startsWith("/event/") && markRead([pathname.split("/")[2]]);
  }, [key, pathname, given]);
  useEffect(keepKnown, [programme]);
  useEffect(() => {
    const path = meantPath(pathname, views.known(state()));
    if (path && path !== pathname) navigate(path + given + location.hash, { replace: true });
  }, [navigate, pathname, given, programme]);
  useEffect(() => {
    if (shown !== null && shown !== key) document.getElementById("main")?.focus({ preventScroll: true });
    shown = key;
  }, [key]);
  return true;
}
