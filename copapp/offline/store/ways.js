// The way from room to room. Twin: copapp/domain/ways.py; tests/cases holds both to one table.

/** Minutes, then legs, then the paths' ids: of two ways that take as long, everybody is shown the same. */
function compare(one, other) {
  if (one.minutes !== other.minutes) return one.minutes - other.minutes;
  if (one.legs.length !== other.legs.length) return one.legs.length - other.legs.length;
  const at = one.legs.findIndex(({ path }, index) => path !== other.legs[index].path);
  return at < 0 ? 0 : one.legs[at].path < other.legs[at].path ? -1 : 1;
}

function legsFrom(paths, avoidStairs) {
  const leading = new Map();
  for (const { id, kind, from, to, minutes } of paths) {
    if (avoidStairs && kind === "stairs") continue;
    for (const [start, end] of [[from, to], [to, from]]) {
      leading.set(start, [...(leading.get(start) ?? []), { path: id, from: start, to: end, minutes }]);
    }
  }
  return leading;
}

function nearest(open) {
  let found = null;
  for (const each of open.values()) if (!found || compare(each, found) < 0) found = each;
  return found;
}

/** What it costs to every door that can be reached (Dijkstra), and by which legs. */
function walked(leading, starts) {
  const best = new Map();
  const open = new Map(starts.map((door) => [door, { door, minutes: 0, legs: [] }]));
  while (open.size) {
    const here = nearest(open);
    open.delete(here.door);
    best.set(here.door, here);
    for (const leg of leading.get(here.door) ?? []) {
      const longer = { door: leg.to, minutes: here.minutes + leg.minutes, legs: [...here.legs, leg] };
      const known = open.get(leg.to);
      if (!best.has(leg.to) && (!known || compare(longer, known) < 0)) open.set(leg.to, longer);
    }
  }
  return best;
}

/** The quickest way between two rooms, leg by leg: [] within one, null where there is none. */
export function way(doors, paths, fromRoom, toRoom, avoidStairs = false) {
  if (fromRoom === toRoom) return [];
  const doorsOf = (room) => doors.filter((door) => door.room === room).map(({ id }) => id);
  const reached = walked(legsFrom(paths, avoidStairs), doorsOf(fromRoom));
  const ends = doorsOf(toRoom).map((door) => reached.get(door)).filter(Boolean);
  return ends.length ? ends.sort(compare)[0].legs : null;
}
