// When we can be met: the server's last answer, kept for offline use.
import { read, write } from "./phone.js";
import { set, state } from "./state.js";

const ADDRESS = "/api/v1/slots";
const GIVE_UP_MS = 10_000;

const isOffer = (value) => Array.isArray(value?.slots) && Array.isArray(value.members) && typeof value.erased_on === "string";
const isKept = (value) => isOffer(value?.offer) && typeof value.etag === "string";

let etag = "";

export function recallOffer() {
  if (state().offer) return;
  const kept = read("offer", isKept);
  if (!kept) {
    fromInstallation();
    return;
  }
  etag = kept.etag;
  set({ offer: kept.offer });
}

/** What the worker brought along when it was installed, for a phone that never asked while it was online. */
async function fromInstallation() {
  try {
    const offer = await (await caches.match(ADDRESS))?.json();
    if (isOffer(offer) && !state().offer) set({ offer });
  } catch {
    // No worker here, or another page in its place: the next connection brings it.
  }
}

export async function refreshOffer() {
  try {
    const response = await fetch(ADDRESS, { cache: "no-store", headers: etag ? { "If-None-Match": etag } : {}, signal: AbortSignal.timeout(GIVE_UP_MS) });
    if (response.status === 304 || !response.ok) return;
    const offer = await response.json();
    if (!isOffer(offer)) return;
    etag = response.headers.get("ETag") ?? "";
    write("offer", { offer, etag });
    set({ offer });
  } catch {
    // Offline: what is kept serves, and the form says so.
  }
}
