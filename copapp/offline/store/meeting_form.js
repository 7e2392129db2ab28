// The meeting form: a draft that survives a reload, a closed tab and an update, checked in the reader's language, then handed on.
import { named } from "./address.js";
import { cleaned, FIELDS, problems } from "./form_rules.js";
import { recallOffer, refreshOffer } from "./offer.js";
import { forget, read, write } from "./phone.js";
import { drop, submit } from "./requests.js";
import { set, state } from "./state.js";
import { known } from "./views.js";

const TEXTS = ["name", "organisation", "email", "reason", "event", "slot", "whom", "language", "website", "day"];
const EMPTY = { name: "", organisation: "", email: "", reason: "", event: "", slot: "", whom: "", language: "", website: "", day: "", consent: false, opened: 0 };

const fits = (value) => typeof value === "object" && value !== null && TEXTS.every((name) => typeof value[name] === "string");

export const form = (s) => s.form ?? EMPTY;

function keep(draft) {
  set({ form: draft });
  return write("draft", draft);
}

/** Change one field; what was wrong with it is forgotten. */
export function fill(name, value) {
  const draft = form(state());
  keep({ ...draft, [name]: value, opened: draft.opened || Date.now() });
  const { [name]: _, ...wrong } = state().wrong;
  set({ wrong, asking: "" });
}

/** Another person may have other times: a slot that is not theirs is let go. */
export function chooseWhom(whom) {
  fill("whom", whom);
}

export const chooseDay = (day) => fill("day", day);
export const chooseSlot = (slot) => fill("slot", slot);
export const consent = (given) => fill("consent", given);

function found(draft) {
  const wrong = Object.fromEntries(problems(cleaned(draft)).map(({ field, code }) => [field, code]));
  if (!draft.consent) wrong.consent = "consent";
  return wrong;
}

function body(draft) {
  return {
    ...cleaned(draft),
    event: draft.event || null,
    slot: draft.slot || null,
    whom: draft.whom || null,
    language: draft.language || state().language,
    consent: true,
    elapsed: draft.opened ? Math.max(0, Math.round((Date.now() - draft.opened) / 1000)) : 60,
    website: draft.website,
  };
}

/** Say what is wrong and go there, or keep the request and start the form anew. */
export function ask() {
  const draft = form(state());
  const wrong = found(draft);
  set({ wrong });
  const [first] = Object.keys(wrong);
  if (first) {
    requestAnimationFrame(() => document.querySelector(`[name="${first}"]`)?.focus());
    return;
  }
  const key = submit(body(draft));
  if (!key) return; // the phone could not keep it, and said so: the form keeps its text
  const { name, organisation, email, language } = draft;
  forget("draft");
  set({ form: { ...EMPTY, name, organisation, email, language }, asking: key });
  requestAnimationFrame(() => document.getElementById("kept")?.focus());
}

export function askAnother() {
  set({ asking: "" });
}

/** Take a request that the server refused back into the form, with what was wrong. */
export function correct(key) {
  const request = state().requests.find((each) => each.key === key);
  if (!request?.form) return;
  const { form: given, problem } = request;
  const hasRoom = keep({ ...EMPTY, ...Object.fromEntries(TEXTS.map((name) => [name, given[name] ?? ""])), consent: true, opened: Date.now() });
  set({ wrong: Object.fromEntries((problem?.errors ?? []).map(({ field, code }) => [field, code])), asking: "" });
  if (hasRoom) drop(key);
  requestAnimationFrame(() => document.getElementById("ask")?.scrollIntoView());
}

let typed = {};

/** What was typed before the page woke is still in its fields, and would go with the next drawing. */
export function rememberTyped() {
  const fields = Object.keys(FIELDS).map((name) => [name, document.querySelector(`form.ask [name="${name}"]`)?.value]);
  typed = Object.fromEntries(fields.filter(([, value]) => value));
}

export function recallForm() {
  if (state().form) return;
  const draft = { ...EMPTY, ...(read("draft", fits) ?? {}), ...typed };
  if (Object.keys(typed).length) keep({ ...draft, opened: draft.opened || Date.now() });
  else set({ form: draft });
}

function takeWhom(search) {
  const whom = named(search, "whom", (state().offer?.members ?? []).map(({ slug }) => slug));
  if (whom && form(state()).whom !== whom) chooseWhom(whom);
  return whom !== "";
}

/** What the address names is filled in: an event, and who of us, as soon as it is known that there is such a one. */
export function startForm(search) {
  const event = named(search, "event", known(state()).events);
  if (event && form(state()).event !== event) fill("event", event);
  recallOffer();
  const isTaken = takeWhom(search);
  refreshOffer().then(() => isTaken || takeWhom(search));
}
