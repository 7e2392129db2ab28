// What may be written into the meeting form. Twin: copapp/domain/meeting_form.py; tests/cases holds both to one table.
export const FIELDS = { reason: 2000, name: 120, organisation: 160, email: 254 };

const EMAIL = /^[^\s@<>()[\],;:"\\]+@[^\s@<>()[\],;:"\\.]+(\.[^\s@<>()[\],;:"\\.]+)+$/u;
// Control characters, lone surrogates, and overrides that turn what follows around.
const UNFIT = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;
// Neither a space, a mark or a format character, nor a letter or sign that shows nothing.
const VISIBLE = /[^\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Z}\u115f\u1160\u2800\u3164\uffa0]/u;
const SEVERAL_LINES = { reason: /[\n\t]/g };

/** The texts as they are kept: composed, one kind of line break, no space around. */
export function cleaned(form) {
  return Object.fromEntries(Object.keys(FIELDS).map((name) => [name, (form[name] ?? "").replaceAll("\r\n", "\n").normalize("NFC").trim()]));
}

function problem(name, text) {
  if (!text) return "required";
  if ([...text].length > FIELDS[name]) return "too_long";
  if (UNFIT.test(text.replace(SEVERAL_LINES[name] ?? "", ""))) return "characters";
  if (!VISIBLE.test(text)) return "required";
  return name === "email" && !EMAIL.test(text) ? "email" : "";
}

/** What is wrong with cleaned texts, at most one problem a field, in the order of the form. */
export function problems(form) {
  return Object.keys(FIELDS)
    .map((field) => ({ field, code: problem(field, form[field] ?? "") }))
    .filter(({ code }) => code);
}
