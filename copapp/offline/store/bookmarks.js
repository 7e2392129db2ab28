// Saved events: instant, on this phone, the same in every tab; a vanished event stays saved and returns with it.
import { onOtherTab, read, write } from "./phone.js";
import { set, state } from "./state.js";

const fits = (value) => typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every((title) => typeof title === "string");

const recall = () => set({ bookmarks: read("bookmarks", fits, true) ?? {} });

const titleOf = (slug) => state().programme.events.find((event) => event.slug === slug)?.title ?? state().bookmarks[slug] ?? slug;

function keep(bookmarks) {
  write("bookmarks", bookmarks);
  set({ bookmarks });
}

const fresh = () => read("bookmarks", fits, true) ?? state().bookmarks;

export function toggle(slug) {
  const { [slug]: had, ...others } = fresh();
  keep(had === undefined ? { ...others, [slug]: titleOf(slug) } : others);
  // The hint comes behind the tap; where it cannot be fetched, the event is saved all the same.
  import("./day.js").then(({ hint }) => hint(slug)).catch(() => {});
}

export function addAll(slugs) {
  keep({ ...fresh(), ...Object.fromEntries(slugs.map((slug) => [slug, titleOf(slug)])) });
}

export function startBookmarks() {
  recall();
  onOtherTab("bookmarks", recall);
}
