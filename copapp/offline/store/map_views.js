// What the map's pages draw. Their shapes are copapp/offline/map_views.py.
import { nearest } from "./address.js";
import { boxOf, fineness, placed, sizeOf, touches } from "./labels.js";
import { days, nowAndNext } from "./rules.js";
import { remember } from "./state.js";
import { cards, dayView, today, words } from "./views.js";
import { way } from "./ways.js";

// The narrowest plans that must be read, in css px: names are chosen for them until the true width is known.
const NARROWEST = 240;
const SMALL = 260;
const SMALL_RATIO = 1.7;

const venueOf = (s) => s.venue ?? null;
const programme = (s) => s.programme;
const language = (s) => s.language;
const conferenceOf = (s) => s.programme.conference;
const minute = (s) => (s.now === null ? null : Math.floor(s.now / 60_000) * 60_000);

/** A name in the reader's language where the plan has one; else as published. */
function named({ name, names }, tongue) {
  const own = names?.[tongue];
  return { name: own ?? name, lang: own ? tongue : "en" };
}

const bySlug = (list) => new Map(list.map((each) => [each.slug, each]));

/** Sites in the programme's order, each with its rooms: the plan's, and those that only the programme knows. */
const places = remember([venueOf, programme, language], (venue, given, tongue) => {
  const drawn = { sites: bySlug(venue?.sites ?? []), rooms: bySlug(venue?.rooms ?? []) };
  const levels = new Map((venue?.levels ?? []).map((each) => [each.id, { ...each, ...named(each, tongue) }]));
  const rooms = [...given.rooms.filter(({ slug }) => !drawn.rooms.has(slug)), ...(venue?.rooms ?? [])];
  const order = new Map(given.rooms.map(({ slug }, index) => [slug, index]));
  const sites = given.sites.map((site) => ({ ...site, ...drawn.sites.get(site.slug), ...named(drawn.sites.get(site.slug) ?? site, tongue) }));
  const found = rooms
    .map((room) => ({ ...room, ...named(room, tongue), site: sites.find(({ slug }) => slug === room.site), level: levels.get(room.level) ?? null }))
    .sort((one, other) => (order.get(one.slug) ?? Infinity) - (order.get(other.slug) ?? Infinity));
  return { sites, rooms: bySlug(found), levels, doors: new Map((venue?.doors ?? []).map((each) => [each.id, { ...each, ...named(each, tongue) }])) };
});

const minutesIn = (t, count) => (count < 1 ? t("way.moment") : t("way.minutes", { count }));

function doorIn(t, where, id) {
  const door = where.doors.get(id);
  const kind = door.name ? `${door.kind}_named` : door.kind;
  const said = t(`door.${kind}`, { name: door.name, room: where.rooms.get(door.room)?.name, site: where.sites.find(({ slug }) => slug === door.site)?.name });
  const level = where.levels.get(door.level)?.name;
  return level ? t("door.on_level", { door: said, level }) : said;
}

function levelsOf(where, site, chosen, lit) {
  const own = [...where.levels.values()].filter((level) => level.site === site.slug).sort((one, other) => one.ordinal - other.ordinal);
  const wanted = [chosen, ...lit.map((slug) => where.rooms.get(slug)).filter((room) => room?.site?.slug === site.slug).map((room) => room.level?.id)];
  const current = own.find(({ id }) => id === wanted.find(Boolean)) ?? own.find(({ ordinal }) => ordinal >= 0) ?? own[0];
  return { own, current: current?.id ?? null };
}

/** Beside or in its site, where the fewest other things are, and within the plan. */
function siteLabel(site, taken, plan, scale) {
  const [x, y, width, height] = site.box;
  const size = sizeOf({ kind: "site", text: site.name }, scale);
  const [wide, high, gap] = [size.width / scale, size.height / scale, 2 / scale];
  const isOut = (box) => box[0] < plan[0] || box[0] + box[2] > plan[0] + plan[2];
  const choices = [
    { anchor: "above", x, y: y - gap },
    { anchor: "above_end", x: x + width, y: y - gap },
    { anchor: "below", x, y: y + height + gap },
    { anchor: "below_end", x: x + width, y: y + height + gap },
    { anchor: "over", x: x + width / 2, y: y + height - gap },
    { anchor: "over", x: x + width / 2, y: y + high + 2 * gap },
  ].map((each) => {
    const box = boxOf(each, { width: wide, height: high }, each.x, each.y);
    return { ...each, crowd: taken.filter((other) => touches(box, other, 0)).length + (isOut(box) ? 2 : 0) };
  });
  return choices.sort((one, other) => one.crowd - other.crowd)[0];
}

const STATES = ["lit", "from", "to"];
const weight = ({ kind, state }) => (STATES.includes(state) ? 0 : ["site", "room"].includes(kind) ? ["site", "room"].indexOf(kind) + 1 : 3);

function labelsOf(venue, sites, doors, t, scale) {
  const [left, top, width, height] = venue.box;
  const taken = [...venue.rooms.map(({ box }) => box), ...venue.sites.map(({ box }) => box), ...venue.doors.map(({ at }) => [at[0] - 4, at[1] - 4, 8, 8])];
  const rooms = sites.flatMap((site) => site.rooms);
  const made = [
    ...sites.map((site) => ({ id: site.slug, kind: "site", text: site.name, lang: site.lang, state: "", sign: "", room_width: 0, room_height: 0, ...siteLabel(site, taken.filter((box) => box !== site.box), venue.box, scale) })),
    ...rooms.map((room) => ({ id: room.slug, kind: "room", text: room.name, lang: room.lang, state: room.state, sign: room.sign, anchor: "middle", x: room.at[0], y: room.at[1], room_width: room.box[2], room_height: room.box[3] })),
    ...doors.filter(({ kind }) => kind === "stairs" || kind === "lift").map(({ id, kind, at }) => ({ id, kind, text: t(`sign.${kind}`), lang: "", state: "", sign: "", anchor: "middle", x: at[0], y: at[1], room_width: 0, room_height: 0 })),
  ].sort((one, other) => weight(one) - weight(other));
  const stand = placed(made, made.map((label) => sizeOf(label, scale)), scale);
  return made.map((label, index) => ({ ...label, tucked: !stand[index], place: { left: `${(100 * (label.x - left)) / width}%`, top: `${(100 * (label.y - top)) / height}%`, ...(label.room_width && { "--wide": `${(100 * label.room_width) / width}%` }) } }));
}

const line = (points) => points.map(([x, y], index) => `${index ? "L" : "M"}${x} ${y}`).join("");
const dots = (doors) => doors.map(({ at: [x, y] }) => `M${x} ${y}h0`).join("");

/** A leg's line in the direction of the walk, its ends at the doors. */
function legLine(venue, where, leg) {
  const path = venue.paths.find(({ id }) => id === leg.path);
  const points = path.from === leg.from ? path.line : [...path.line].reverse();
  return [where.doors.get(leg.from).at, ...points, where.doors.get(leg.to).at];
}

function wayDrawn(venue, where, legs, shown) {
  const isShown = (id) => shown(where.doors.get(id));
  const isOutside = (leg) => venue.paths.find(({ id }) => id === leg.path).kind === "outside";
  return legs.map((leg) => ({ id: leg.path, d: line(legLine(venue, where, leg)), is_near: isOutside(leg) || (isShown(leg.from) && isShown(leg.to)) }));
}

const NO_PLAN = { is_known: false, view_box: "0 0 1 1", size: { "--ratio": "1" }, box: [0, 0, 1, 1], is_schematic: false, sites: [], buildings: "", paths: "", inner: "", room_doors: "", entrances: "", way: [], starts: "", ends: "", labels: [] };

function planOf(venue, where, t, chosen, marks, legs, across = NARROWEST) {
  if (!venue) return NO_PLAN;
  const current = new Map(where.sites.map((site) => [site.slug, levelsOf(where, site, chosen[site.slug], [...marks.keys()]).current]));
  const shown = ({ level, site }) => !level || (level.id ?? level) === current.get(site?.slug ?? site);
  const sites = where.sites.filter(({ outline }) => outline).map((site) => ({
    ...site,
    label: t("map.show_site", { site: site.name }),
    rooms: [...where.rooms.values()].filter((room) => room.outline && room.site.slug === site.slug && shown(room)).map((room) => {
      const state = marks.get(room.slug) ?? "";
      const said = state && (state === "lit" ? t("map.is_lit") : t(`sign.${state}`));
      return { slug: room.slug, href: `/map/${room.slug}`, name: room.name, lang: room.lang, outline: room.outline, at: room.at, box: room.box, state, sign: state === "lit" ? "" : said, label: [room.name, site.name, said].filter(Boolean).join(", ") };
    }),
  }));
  const doors = venue.doors.filter(shown);
  const near = (path) => [path.from, path.to].every((id) => shown(where.doors.get(id)));
  const [x, y, width, height] = venue.box;
  const drawn = (kinds) => venue.paths.filter((path) => kinds.includes(path.kind) && (path.kind === "outside" || near(path))).map((path) => line(legLine(venue, where, { path: path.id, from: path.from, to: path.to }))).join("");
  const route = legs ?? [];
  return {
    is_known: true,
    view_box: venue.box.join(" "),
    size: { "--ratio": String(width / height), "--fine": String(fineness((Math.min(...venue.rooms.map(({ box }) => Math.min(box[2], box[3]))) * across) / width)) },
    box: venue.box,
    is_schematic: venue.schematic,
    sites,
    buildings: venue.buildings.map(({ outline }) => outline).join(""),
    paths: drawn(["outside"]),
    inner: drawn(["inside", "ramp", "stairs", "lift"]),
    room_doors: dots(doors.filter(({ kind }) => kind === "room")),
    entrances: dots(venue.doors.filter(({ kind }) => kind === "entrance")),
    way: wayDrawn(venue, where, route, shown),
    starts: dots(route.slice(0, 1).map(({ from }) => where.doors.get(from)).filter(shown)),
    ends: dots(route.slice(-1).map(({ to }) => where.doors.get(to)).filter(shown)),
    labels: labelsOf(venue, sites, doors, t, across / width),
  };
}

const choicesOf = (where, without) => [...where.rooms.values()].filter(({ slug }) => slug !== without).map((room) => ({ slug: room.slug, label: `${room.name} · ${room.site.name}` }));

function roomOf(where, slug, given, drawn, t, tongue, now, current) {
  const room = where.rooms.get(slug);
  if (!room) return null;
  const { timezone, assumed_length_minutes } = given.conference;
  const events = given.events.filter((event) => event.room === slug);
  const running = now === null ? { now: [], next: [] } : nowAndNext(events, now, assumed_length_minutes);
  const card = ({ slug: event }) => drawn[event];
  return {
    slug,
    name: room.name,
    lang: room.lang,
    site: room.site.name,
    site_lang: room.site.lang,
    level: room.level?.name ?? "",
    now: running.now.map(card),
    next: running.next.map(card),
    days: days(events, timezone).map((day) => dayView(day, drawn, tongue, current)),
    is_empty: events.length === 0,
    others: choicesOf(where, slug),
  };
}

function legWords(t, where, legs, path) {
  return legs.map((leg, index) => {
    const { kind } = path.get(leg.path);
    const start = where.doors.get(leg.from);
    const [below, above] = [leg.from, leg.to].map((id) => where.levels.get(where.doors.get(id).level)?.name);
    if (below && above && below !== above) return { id: leg.path, text: t(`climb.${kind}`, { from: below, to: above }), minutes: minutesIn(t, leg.minutes) };
    const given = { from: doorIn(t, where, leg.from), to: doorIn(t, where, leg.to), room: where.rooms.get(start.room)?.name };
    const said = index === 0 && start.kind === "room" ? t(`leave.${kind}`, given) : t(`leg.${kind}`, given);
    return { id: leg.path, text: said, minutes: minutesIn(t, leg.minutes) };
  });
}

function wayOf(venue, where, t, from, to, legs, avoid) {
  const [start, goal] = [where.rooms.get(from), where.rooms.get(to)];
  if (!start || !goal) return null;
  const path = new Map((venue?.paths ?? []).map((each) => [each.id, each]));
  const walked = legs ?? [];
  const level = goal.level?.name ?? "";
  return {
    title: t("way.title", { from: start.name, to: goal.name }),
    start: from,
    goal: to,
    from_href: `/map/${from}`,
    to_href: `/map/${to}`,
    back_href: `/map/${to}/${from}${avoid ? "?stairs=no" : ""}`,
    rooms: choicesOf(where, ""),
    problem: from === to ? t("way.same") : legs ? "" : t(avoid ? "way.only_stairs" : "way.no_way"),
    total: walked.length ? minutesIn(t, walked.reduce((sum, leg) => sum + leg.minutes, 0)) : "",
    legs: legWords(t, where, walked, path),
    there: walked.length ? t(level ? "way.there_on" : "way.there", { room: goal.name, level }) : "",
    bases: [...new Set(walked.map((leg) => path.get(leg.path).basis))].map((basis) => t("way.basis", { basis })),
    has_stairs: [...path.values()].some(({ kind }) => kind === "stairs"),
    avoids: avoid,
  };
}

/** The whole map in words, in an order that makes sense aloud: each site, its rooms, where their doors lead; then from site to site. */
const text = remember([venueOf, programme, places, words], (venue, given, where, t) => {
  const paths = venue?.paths ?? [];
  const ends = (path) => [[path.from, path.to], [path.to, path.from]];
  const leads = (isHere, say) => paths.flatMap((path) => ends(path).filter((pair) => isHere(...pair.map((id) => where.doors.get(id)))).map(([from, to]) => say({ from: doorIn(t, where, from), to: doorIn(t, where, to), minutes: minutesIn(t, path.minutes) })));
  const nameOf = (slug) => where.sites.find((site) => site.slug === slug)?.name ?? slug;
  return {
    sites: where.sites.map((site) => ({
      slug: site.slug,
      name: site.name,
      lang: site.lang,
      rooms: [...where.rooms.values()].filter((room) => room.site.slug === site.slug).map((room) => ({
        slug: room.slug, href: `/map/${room.slug}`, name: room.name, lang: room.lang, level: room.level?.name ?? "",
        leads: leads((from) => from.kind === "room" && from.room === room.slug, (found) => t("map.leads", found)),
      })),
      leads: leads((from, to) => from.kind !== "room" && to.kind !== "room" && from.site === site.slug, (found) => t("map.reaches", found)),
    })),
    walks: given.walks.map((walk) => ({ id: `${walk.from} ${walk.to}`, start: nameOf(walk.from), goal: nameOf(walk.to), minutes: minutesIn(t, walk.minutes) })),
    bases: [...new Set([...paths, ...given.walks].map(({ basis }) => basis))].map((basis) => t("way.basis", { basis })),
  };
});

const isAndroid = () => /Android/.test(navigator.userAgent);
const isApple = () => /iPhone|iPad|iPod|Macintosh/.test(navigator.userAgent);

/** One point for the whole venue, in the map app that this device has. */
const outside = remember([venueOf, conferenceOf, (s) => s.started], (venue, about, started) => {
  const { latitude, longitude, credit } = venue?.location ?? { ...about, credit: "" };
  if (!latitude) return { href: "", credit: "" };
  const [point, label] = [`${latitude},${longitude}`, encodeURIComponent(about.address || about.place)];
  if (started && isAndroid()) return { href: `geo:${point}?q=${point}(${label})`, credit };
  if (started && isApple()) return { href: `https://maps.apple.com/?ll=${point}&q=${label}`, credit };
  return { href: `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`, credit };
});

function marksOf(room, to) {
  if (!to) return new Map(room ? [[room, "lit"]] : []);
  return new Map(room === to ? [[room, "lit"]] : [[room, "from"], [to, "to"]]);
}

/** The part of a venue around a site, in the shape of a small plan. */
function around(venue, site) {
  const [x, y, width, height] = venue.sites.find(({ slug }) => slug === site).box;
  const across = 1.25 * Math.max(width, SMALL_RATIO * height);
  return { ...venue, box: [x + width / 2 - across / 2, y + height / 2 - across / SMALL_RATIO * 0.46, across, across / SMALL_RATIO] };
}

function miniOf(venue, where, t, slug) {
  const room = where.rooms.get(slug);
  const isDrawn = Boolean(venue && room?.outline);
  const plan = isDrawn ? planOf(around(venue, room.site.slug), where, t, NO_LEVELS, marksOf(slug, ""), null, SMALL) : NO_PLAN;
  const [left, top, width, height] = plan.box;
  const isIn = ({ x, y, kind }) => kind === "room" && x > left && x < left + width && y > top && y < top + height;
  return { ...plan, labels: plan.labels.filter(isIn), is_missing: venue === null, href: room ? `/map/${slug}` : "", label: room ? t("map.small", { room: room.name }) : "", note: plan.is_schematic ? t("map.schematic") : "" };
}

/** The room, or the two, that a wrong address is most like; null where one of them is like none. */
function nearestOf(where, given) {
  const found = given.map((each) => nearest(each, [...where.rooms.keys()]));
  if (!found.length || found.includes("")) return null;
  return { href: `/map/${found.join("/")}`, name: found.map((slug) => where.rooms.get(slug).name).join(" – ") };
}

const asked = new Map();

/** The views of one address of the map: `/map`, `/map/{room}` or `/map/{room}/{to}`. */
export function viewsOf(room, to, avoid) {
  const key = [room, to, avoid].join("/");
  if (!asked.has(key)) asked.set(key, make(key, room, to, avoid));
  return asked.get(key);
}

function make(key, room, to, avoid) {
  const marks = marksOf(room, to);
  const legs = remember([venueOf], (venue) => (venue && to ? way(venue.doors, venue.paths, room, to, avoid) : null));
  const chosen = (s) => (s.levels.at === key ? s.levels : NO_LEVELS);
  return {
    plan: remember([venueOf, places, words, chosen, legs], (venue, where, t, levels, found) => planOf(venue, where, t, levels, marks, found)),
    mini: remember([(s) => s.venue, places, words], (venue, where, t) => miniOf(venue, where, t, room)),
    levels: remember([places, words, chosen], (where, t, levels) =>
      where.sites.map((site) => ({ site, ...levelsOf(where, site, levels[site.slug], [...marks.keys()]) })).filter(({ own }) => own.length > 1).map(({ site, own, current }) => ({
        site: site.slug,
        name: site.name,
        lang: site.lang,
        label: t("map.choose_level", { site: site.name }),
        choices: own.map(({ id, name, lang }) => ({ at: key, site: site.slug, id, name, lang, is_current: id === current })),
      }))),
    room: remember([places, programme, cards, words, language, minute, today], (where, given, drawn, t, tongue, now, current) => roomOf(where, room, given, drawn, t, tongue, now, current)),
    way: remember([venueOf, places, words, legs], (venue, where, t, found) => (to ? wayOf(venue, where, t, room, to, found, avoid) : null)),
    nearest: remember([places], (where) => nearestOf(where, [room, to].filter(Boolean))),
    text,
    outside,
    isDrawn: (s) => Boolean(s.venue),
    hint: remember([(s) => s.venue, (s) => s.venueMissed, words], (venue, missed, t) => (venue ? "" : venue === null ? t("map.none") : t(missed ? "map.missed" : "map.loading"))),
    isText: (s) => s.mapAsText,
    isAwaited: (s) => s.venue === undefined && !s.venueMissed && !s.mapAsText,
  };
}

const NO_LEVELS = {};
