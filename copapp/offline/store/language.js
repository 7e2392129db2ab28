// The reader's language: English in the page, the others fetched as small modules that the worker keeps.
import english from "../i18n/en.js";
import { read, write } from "./phone.js";
import { set, state } from "./state.js";

const LOADERS = { fr: () => import("../i18n/fr.js"), es: () => import("../i18n/es.js"), ru: () => import("../i18n/ru.js") };
const catalogues = { en: { ...english } };
const parts = [LOADERS];

export const LANGUAGES = Object.keys({ en: 1, ...LOADERS });

export const translator = (language) => translate(catalogues[language] ?? catalogues.en, catalogues.en, language);

/** The words for a key; {name} is filled in, and a key with plural forms chooses by `count`. */
export function translate(catalogue, source, language) {
  const plural = new Intl.PluralRules(language);
  return (key, given = {}) => {
    const words = catalogue[key] ?? source[key] ?? key;
    const text = typeof words === "string" ? words : (words[plural.select(given.count)] ?? words.other);
    return text.replace(/\{(\w+)\}/g, (whole, name) => given[name] ?? whole);
  };
}

/** An empty answer is a module too, of nothing; `repair.js` says so. */
function missing(language) {
  dispatchEvent(new CustomEvent("copapp:missing"));
  return new Error(`no words in ${language}`);
}

async function load(language, loaders) {
  const { default: words } = await loaders[language](); // awaited first: several parts may come at once
  if (!words) throw missing(language);
  catalogues[language] = { ...catalogues[language], ...words };
}

async function loadAll(language) {
  const known = parts.length;
  await Promise.all(parts.map((loaders) => load(language, loaders)));
  if (parts.length > known) await loadAll(language);
}

/** Words that only some pages need come with those pages' own module: at once in English, soon in the reader's language. */
export function bring(words, loaders) {
  Object.assign(catalogues.en, words);
  parts.push(loaders);
  if (typeof document === "undefined" || state().language === "en") return null;
  return load(state().language, loaders).then(() => set({ catalogues: state().catalogues + 1 }), () => {});
}

async function apply(language) {
  if (language !== "en") await loadAll(language);
  document.documentElement.lang = language;
  set({ language, catalogues: state().catalogues + 1 });
}

export function chooseLanguage(language) {
  write("language", language);
  return apply(language).catch(() => set({ notice: { key: "language.unreachable" } }));
}

/** The first visit follows the phone, the next ones what was chosen. */
export function startLanguage() {
  const chosen = read("language", (value) => LANGUAGES.includes(value));
  const phone = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => LANGUAGES.includes(tag));
  const language = chosen ?? phone ?? "en";
  if (language !== state().language) apply(language).catch(() => {});
}
