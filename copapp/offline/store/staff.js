// What staff pages need of the browser: their words, the venue's times in words, and what is half written. No part of delegates' pages.
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import english from "../i18n/staff-en.js";
import { startLanguage, translate } from "./language.js";
import { set, state, useView } from "./state.js";
import { longDate, weekday } from "./words.js";

const LOADERS = { fr: () => import("../i18n/staff-fr.js"), es: () => import("../i18n/staff-es.js"), ru: () => import("../i18n/staff-ru.js") };
const catalogues = { en: english };

async function load(language) {
  if (!catalogues[language]) catalogues[language] = (await LOADERS[language]()).default;
  return translate(catalogues[language], english, language);
}

/** The words of staff pages in the reader's language; English until they are there. */
export function useStaffWords() {
  const language = useView((s) => s.language);
  const [words, setWords] = useState(() => translate(english, english, "en"));
  useEffect(() => {
    if (!state().started) startLanguage();
    set({ started: true });
    load(language).then((found) => setWords(() => found), () => {});
  }, [language]);
  return words;
}

/** The reader's language, for what the server writes in it. */
export const useLanguage = () => useView((s) => s.language);

/** Writes an instant that carries the venue's offset as "Tue 13 February, 10:00", whatever this device's zone. */
export function useWhen() {
  const language = useView((s) => s.language);
  return (instant) => (instant ? `${weekday(instant.slice(0, 10), language)} ${longDate(instant.slice(0, 10), language).split(" ").slice(1).join(" ")}, ${instant.slice(11, 16)}` : "");
}

/** Writes a date (YYYY-MM-DD) with its weekday. */
export function useDayWords() {
  const language = useView((s) => s.language);
  return (date) => longDate(date, language);
}

/** Writes the weekday of a date, as short as it goes. */
export function useWeekday() {
  const language = useView((s) => s.language);
  return (date) => weekday(date, language);
}

const STEPS = [["day", 86_400], ["hour", 3_600], ["minute", 60]];

/** Writes how long ago an instant was, by the server's clock. */
export function useAgo() {
  const language = useView((s) => s.language);
  return (instant, now) => {
    const seconds = (Date.parse(now) - Date.parse(instant)) / 1000;
    const [unit, size] = STEPS.find(([, length]) => seconds >= length) ?? ["minute", 60];
    return new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" }).format(-Math.max(0, Math.floor(seconds / size)), unit);
  };
}

const NONE = [];
const formName = (thing, version) => `form:${thing}:${version}`;
const namesFrom = (prefix) => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX + prefix)).map((key) => key.slice(PREFIX.length));
const formNames = (thing) => namesFrom(formName(thing, ""));
const fieldsOf = (form) => [...form.elements].filter(({ name, type }) => name && !["hidden", "checkbox", "password", "submit", "button"].includes(type));
const heldBy = (field) => (field.options ? [...field.options].find((option) => option.defaultSelected)?.value : field.defaultValue);
const typedAs = (name) => JSON.parse(draftOf(name) || "{}");
const shownAs = (field, value) => [...(field.options ?? [])].find((option) => option.value === value)?.text ?? value;

/** What is typed into a form stays in this tab, with the version it was typed over, until it is kept: a reload, or a lost
 * connection, fills it in again. What was typed over another version is only offered, beside what is kept now.
 * `follows` is the version that an act of this page replaced: what was typed over that one still fits.
 * Each part of the page that shows `older` calls this for itself: it stands in the store, so that all see the same. */
export function useKeptForm(id, thing, version, follows, kept) {
  const last = useRef({ thing, kept });
  const now = formName(thing, version);
  const older = useView((s) => (s.older?.form === now ? s.older.rows : NONE));
  const setOlder = (rows) => set({ older: { form: now, rows } });
  const forget = (of) => formNames(of).forEach((name) => keepDraft(name, ""));
  const dropOthers = () => formNames(thing).filter((name) => name !== now).forEach((name) => keepDraft(name, ""));
  const move = (name) => {
    const text = draftOf(name);
    forget(thing);
    keepDraft(now, text);
  };
  const fill = (form) => fieldsOf(form).forEach((field) => (field.value = typedAs(now)[field.name] ?? field.value));
  useEffect(() => {
    if (kept > last.current.kept) forget(last.current.thing);
    last.current = { thing, kept };
    const form = thing && document.getElementById(id);
    if (!form) return setOlder(NONE);
    if (follows && draftOf(formName(thing, follows))) move(formName(thing, follows));
    fill(form);
    const typed = typedAs(formNames(thing).find((name) => name !== now) ?? "");
    const differing = fieldsOf(form).filter((field) => (typed[field.name] ?? field.value) !== field.value);
    setOlder(differing.map((field) => ({ field: field.name, was: shownAs(field, typed[field.name]), now: shownAs(field, field.value) })));
    if (!differing.length) dropOthers();
    const keep = () => {
      const touched = fieldsOf(form).filter((field) => field.value !== heldBy(field));
      keepDraft(now, touched.length ? JSON.stringify(Object.fromEntries(touched.map((field) => [field.name, field.value]))) : "");
    };
    form.addEventListener("input", keep);
    return () => form.removeEventListener("input", keep);
  }, [id, thing, version, follows, kept]);
  return {
    older,
    take() {
      move(formNames(thing).find((name) => name !== now));
      fill(document.getElementById(id));
      setOlder([]);
    },
    drop() {
      dropOthers();
      setOlder([]);
    },
  };
}

const noted = new Set();
const ONCE = "once:";
const onceName = (owner, what) => `${ONCE}${owner}:${what}`;

function keepOnce(name, text) {
  keepDraft(name, text);
  set({ once: { ...state().once, [name]: text } });
}

const dropOnce = (isDropped) => namesFrom(ONCE).filter(isDropped).forEach((name) => keepOnce(name, ""));
const dropOthers = (owner) => dropOnce((name) => !name.startsWith(onceName(owner, "")));

/** What the server gives only once stays in this tab until somebody says that it is noted, or `isOver`, when it is good for
 * nothing any more: meanwhile a page may sleep, be cut off or loaded again, and the server forget it. It is shown to its
 * `owner` alone (0: nobody is known yet); what the tab holds of another, who was signed in here before, goes. */
export function useShownOnce(owner, what, given, isOver) {
  const name = onceName(owner, what);
  const kept = useView((s) => (owner && s.once?.[name]) || "");
  const text = given ? JSON.stringify(given) : "";
  useEffect(() => {
    if (!owner) return;
    dropOthers(owner);
    keepOnce(name, isOver ? "" : (!noted.has(text) && text) || draftOf(name));
  }, [name, text, isOver]);
  return {
    shown: kept ? JSON.parse(kept) : null,
    noted() {
      if (kept) noted.add(kept);
      keepOnce(name, "");
    },
  };
}

const LINK = "link:";

/** The one-time links that were made in this tab, one for each person, while `people` says that they work. They stay as what is
 * shown once does; `isOver`: whoever looks may make none any more. */
export function useLinks(owner, made, people, isOver) {
  const mine = onceName(owner, LINK);
  const once = useView((s) => s.once);
  const text = made ? JSON.stringify(made) : "";
  const works = ({ of, mark }) => people.some((each) => each.id === of && each.link_mark === mark);
  useEffect(() => {
    if (isOver) dropOnce((name) => name.includes(`:${LINK}`));
    if (!owner) return;
    dropOthers(owner);
    if (text && !noted.has(text)) keepOnce(mine + made.of, text);
    for (const name of namesFrom(mine)) keepOnce(name, works(JSON.parse(draftOf(name))) ? draftOf(name) : "");
  }, [mine, text, people, isOver]);
  const kept = Object.entries(once ?? {}).filter(([name, held]) => owner && held && name.startsWith(mine));
  return {
    shown: kept.map(([, held]) => JSON.parse(held)).filter(works).sort((one, other) => one.of - other.of),
    noted(of) {
      noted.add(once[mine + of]);
      keepOnce(mine + of, "");
    },
  };
}

/** Copies what a field holds, or where a browser refuses, marks it for copying by hand. */
export async function copyFrom(id) {
  const field = document.getElementById(id);
  field.select();
  await navigator.clipboard?.writeText(field.value).then(() => set({ copied: field.value }), () => {});
}

/** Says whether a field holds what was copied last. */
export function useCopiedFrom() {
  const copied = useView((s) => s.copied);
  return (id) => Boolean(copied) && document.getElementById(id)?.value === copied;
}

/** Draws a text as a QR code for another device's camera; "" until the drawer is there. */
export function useCode() {
  const [draw, setDraw] = useState(null);
  useEffect(() => {
    import("uqr").then(({ renderSVG }) => setDraw(() => renderSVG), () => {});
  }, []);
  return (text) => (draw && text ? `data:image/svg+xml,${encodeURIComponent(draw(text, { border: 2 }))}` : "");
}

/** Puts the text of a chosen file into a field, where a person can look at it before it is sent. */
export async function readFileInto(file, field) {
  const [chosen] = document.getElementById(file).files;
  if (chosen) document.getElementById(field).value = await chosen.text();
}

const MOST_BYTES = 10_000_000;

/** Sends a chosen file, or what a field holds, to the import, and submits the form with its name there or what went wrong. */
export async function sendForImport(field, form) {
  const given = document.getElementById(field), { elements } = document.getElementById(form);
  const content = given.type === "file" ? given.files[0] : new Blob([given.value]);
  const put = (file, problem) => {
    Object.entries({ file, problem, name: content?.name ?? "" }).forEach(([name, value]) => (elements[name].value = value));
    document.getElementById(form).requestSubmit();
  };
  if (!content?.size) put("", "empty");
  else if (content.size > MOST_BYTES) put("", "too-large");
  else put(...(await sent(content, given.closest("label").nextElementSibling)));
}

// The older way of asking: only it tells how much of a large file has left the phone.
function sent(content, { firstElementChild: button, lastElementChild: bar }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/admin/import/file");
    request.upload.onprogress = ({ loaded, total }) => (bar.value = loaded / total);
    request.onloadend = () => {
      button.disabled = !(bar.hidden = true);
      const isOurs = request.getResponseHeader("content-type") === "application/problem+json";
      const problem = { 201: "", 401: "refused", 413: isOurs ? "too-large" : "too-large-before-us" }[request.status] ?? "not-sent";
      resolve([problem ? "" : request.responseText, problem]);
    };
    button.disabled = !(bar.hidden = false);
    request.send(content);
  });
}

export const printPage = () => print();

/** Gives what the fields of a form hold now, by name. */
export const valuesOf = (form) => Object.fromEntries(new FormData(document.getElementById(form)));

/** Reads parameters of this page's address; of several of one name it is the last, as for the server. */
export function useAskedFor() {
  const [given] = useSearchParams();
  return (name) => given.getAll(name).filter(Boolean).at(-1) ?? "";
}

/** Brings a place into view whenever the count has risen. */
export function useShownAt(place, count) {
  useEffect(() => {
    if (count) document.getElementById(place)?.scrollIntoView({ block: "nearest" });
  }, [place, count]);
  return true;
}

const PREFIX = "copapp:staff:draft:";

/** What is half written outlives a lost connection, a reload, and a server that forgot this page. */
export const draftOf = (name) => (typeof sessionStorage === "undefined" ? "" : (sessionStorage.getItem(PREFIX + name) ?? ""));

export function keepDraft(name, text) {
  if (text) sessionStorage.setItem(PREFIX + name, text);
  else sessionStorage.removeItem(PREFIX + name);
}
