// Answers every case of the tables given as arguments with the phone's own rules; run by tests/test_rules.py.
import { readFileSync } from "node:fs";

const rules = await import(process.argv[2]);
const form = await import(new URL("form_rules.js", process.argv[2]));
const { judge, lines, walksOf } = await import(new URL("clashes.js", process.argv[2]));
const { solve } = await import(new URL("proof.js", process.argv[2]));
const stop = ({ entry, clashes, before }) => ({
  slug: entry.slug,
  clashes: clashes.map(({ other, verdict, kind }) => [other.slug, verdict, kind]),
  before: before && [before.other.slug, before.verdict, before.gap],
});
const { way } = await import(new URL("ways.js", process.argv[2]));
const answers = {
  judge: ({ one, other, walks, assumed_minutes }) => judge(one, other, walksOf(walks), assumed_minutes),
  lines: ({ entries, walks, assumed_minutes, zone }) =>
    lines(entries, walksOf(walks), assumed_minutes, zone).map(({ date, line }) => [date, line.map((held) => held.map(stop))]),
  meeting_form: ({ form: given }) => form.problems(form.cleaned(given)).map(({ field, code }) => [field, code]),
  meeting_form_cleaned: ({ form: given }) => form.cleaned(given),
  proof_of_work: ({ challenge, key, bits }) => solve(challenge, key, bits),
  conference_days: ({ starts, ends }) => rules.conferenceDays(starts, ends),
  offsets: ({ first, last, zone }) => rules.offsets(first, last, zone).map(({ date, minutes }) => [date, minutes]),
  days: ({ events, zone }) => rules.days(events, zone).map(({ date, events: held }) => [date, held.map(({ slug }) => slug)]),
  now_and_next: ({ events, now, assumed_minutes }) => {
    const found = rules.nowAndNext(events, Date.parse(now), assumed_minutes);
    return { now: found.now, next: found.next.map(({ slug }) => slug) };
  },
  freshness: ({ age, failed }) => rules.freshness(age, failed),
  phase: ({ now, starts, ends, zone }) => rules.phase(Date.parse(now), starts, ends, zone),
  changes: ({ before, after }) => rules.changes(before, after).map(({ field, was }) => ({ field, was })),
  way: ({ doors, paths, from_room, to_room, avoid_stairs }) => way(doors, paths, from_room, to_room, avoid_stairs),
  matches: ({ query, ...texts }) => rules.matches(texts, query),
};
const cases = process.argv.slice(3).flatMap((file) => JSON.parse(readFileSync(file, "utf8")));
console.log(JSON.stringify(await Promise.all(cases.map(({ rule, input }) => answers[rule](input)))));
