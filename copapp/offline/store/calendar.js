// Calendar files also without the network: what keeps them and hands them over comes once a worker is there, or a tap asks for it.
import { set, state } from "./state.js";

const files = () => import("./calendar_files.js");

export function keepCalendars() {
  if (navigator.serviceWorker?.controller) files().then(({ keepFiles }) => keepFiles(state()), () => {});
}

export function startCalendars() {
  navigator.serviceWorker?.addEventListener("controllerchange", keepCalendars);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="/api/v1/"][href*=".ics"]');
    if (!link || !state().failed) return;
    event.preventDefault();
    files().then(({ handOver }) => handOver(link)).catch(() => false).then((isThere) => isThere || set({ notice: { key: "event.calendar_offline" } }));
  });
}
