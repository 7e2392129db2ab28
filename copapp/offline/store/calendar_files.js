// Calendar files without the network: the worker keeps each that passed through it, so each is asked for once a release.

const AT_ONCE_UP_TO = 50;

const address = (slug) => `/api/v1/events/${slug}.ics`;

let kept = null;

const isCalendar = (answer) => answer.ok && answer.headers.get("Content-Type")?.startsWith("text/calendar");

/** The answer is read to its end: one left unread keeps the worker busy, and a new worker waiting. */
async function isKept(slug) {
  try {
    const answer = await fetch(address(slug), { cache: "no-cache" });
    await answer.arrayBuffer();
    return isCalendar(answer);
  } catch {
    return false;
  }
}

/** A large programme's files are kept for saved events only. */
export async function keepFiles({ programme, bookmarks, failed, partial }) {
  if (failed || partial) return;
  const slugs = programme.events.length <= AT_ONCE_UP_TO ? programme.events.map(({ slug }) => slug) : Object.keys(bookmarks);
  const wanted = `${programme.release.number} ${slugs.join(" ")}`;
  if (wanted === kept) return;
  kept = wanted;
  for (const slug of slugs) {
    if (await isKept(slug)) continue;
    kept = null; // the next answer of the server begins anew
    return;
  }
}

/** Offline a calendar link would leave the app for an error page: the file that the worker kept is handed over. Gives whether there is one. */
export async function handOver(link) {
  const answer = await fetch(link.href);
  if (!isCalendar(answer)) return false;
  const copy = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await answer.blob()), download: link.href.split("/").pop() });
  copy.click();
  setTimeout(() => URL.revokeObjectURL(copy.href), 60_000);
  return true;
}
