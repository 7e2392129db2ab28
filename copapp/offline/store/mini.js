// The small plan of an event's page. Its code, words and data come after the page: nobody waits for them.
import { useEffect, useState } from "react";
import { useParams } from "react-router";
import { state, useView } from "./state.js";

const NOTHING = { is_known: false, is_missing: false, view_box: "0 0 1 1", size: {}, is_schematic: false, sites: [], buildings: "", paths: "", inner: "", room_doors: "", entrances: "", way: [], starts: "", ends: "", labels: [], href: "", label: "", note: "" };

export function useMini() {
  const { slug } = useParams();
  const awake = useView((s) => s.started);
  const room = useView((s) => s.programme.events.find((event) => event.slug === slug)?.room ?? "");
  const [find, setFind] = useState(null);
  useEffect(() => {
    if (!awake) return;
    import("./map.js").then(({ refreshVenue, smallPlan }) => {
      if (state().venue === undefined) refreshVenue();
      setFind(() => smallPlan);
    }, () => {});
  }, [awake]);
  return useView((s) => (find && room ? find(room)(s) : NOTHING));
}
