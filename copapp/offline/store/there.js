// Who of us will be at the event of the page, of those who agreed to be shown. It comes after the page: nobody waits for it.
import { useEffect } from "react";
import { useParams } from "react-router";
import english from "../i18n/there-en.js";
import { bring } from "./language.js";
import { recallOffer, refreshOffer } from "./offer.js";
import { remember, useView } from "./state.js";
import { words } from "./views.js";

bring(english, { fr: () => import("../i18n/there-fr.js"), es: () => import("../i18n/there-es.js"), ru: () => import("../i18n/there-ru.js") });

const isAwake = (s) => s.started;

/** Everybody by event; a cancelled one is nobody's, and after the conference there is nothing to ask. */
const byEvent = remember([(s) => s.offer, (s) => s.programme, words, (s) => s.language], (offer, { events }, t, tongue) => {
  const names = new Intl.DisplayNames([tongue], { type: "language" });
  const shown = (member, event) => ({
    slug: member.slug,
    name: member.name,
    role: member.role,
    speaks: member.languages.length ? t("there.speaks", { languages: member.languages.map((each) => names.of(each)).join(", ") }) : "",
    ask: t("there.ask", { name: member.name }),
    href: offer.open ? `/meet?event=${event}&whom=${member.slug}` : "",
  });
  const held = events.filter(({ status }) => status !== "cancelled");
  return Object.fromEntries(held.map(({ slug }) => [slug, (offer?.members ?? []).filter(({ events: theirs }) => theirs.includes(slug)).map((each) => shown(each, slug))]));
});

const NOBODY = [];

export function useThere() {
  const { slug } = useParams();
  const awake = useView(isAwake);
  useEffect(() => {
    if (!awake) return;
    recallOffer();
    refreshOffer();
  }, [awake, slug]);
  return useView((s) => (Object.hasOwn(byEvent(s), slug) ? byEvent(s)[slug] : NOBODY));
}
