// When we can be met: the server's last answer, kept for offline use.
import { read, write } from "./phone.js";
import { set, state } from "./state.js";

const ADDRESS = "/api/v1/slots";
const GIVE_UP_MS = 10_000;

const isOffer = (value) => Array.isArray(value?.slots) && Array.isArray(value.members) && typeof value.erased_on === "string";
const isKept = (value) => isOffer(value?.offer) && typeof value.etag === "string";

let etag = "";

export function recallOffer() {
  const kept = read("offer", isKept);
  if (!kept || state().offer) return;
  etag = kept.etag;
  set({ offer: kept.offer });
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
