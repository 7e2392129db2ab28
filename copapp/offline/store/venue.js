// The venue's plan on the phone: what the page brought, else the site's own copy; then the server is asked for a newer one.
import { set, state } from "./state.js";

const GIVE_UP_MS = 10_000;
const LISTS = ["box", "sites", "buildings", "levels", "rooms", "doors", "paths"];

let asking = null;

const isVenue = (value) => LISTS.every((name) => Array.isArray(value?.[name]));
const isNone = (response) => response.status === 404 && response.headers.get("content-type")?.startsWith("application/problem+json");

/** A page behind a captive portal answers 200 too: only the shape of a plan counts, and only our own way to say that there is none. */
async function ask(address, cache) {
  const response = await fetch(address, { cache, signal: AbortSignal.timeout(GIVE_UP_MS) });
  if (isNone(response)) return null;
  const venue = await response.json();
  if (!isVenue(venue)) throw new Error("not a plan");
  return venue;
}

function take(venue) {
  if (JSON.stringify(venue) !== JSON.stringify(state().venue)) set({ venue });
}

async function renew() {
  if (state().venue === undefined) await ask("/venue.json").then(take, () => {});
  await ask("/api/v1/venue", "no-cache").then(take, () => {});
  if (state().venue === undefined) set({ venueMissed: true });
}

/** No-op while it is being asked for. */
export function refreshVenue() {
  asking ??= renew().finally(() => {
    asking = null;
  });
  return asking;
}
