"""The shapes that `store/map_views.js` hands to the pages; every text is in the reader's language."""

from dataclasses import dataclass

from copapp.offline.views import Card, Day


@dataclass(frozen=True)
class PlanRoom:
    """A room's shape, an SVG path; `state` is lit, from, to or ""."""

    slug: str
    href: str
    lang: str
    outline: str
    state: str
    label: str


@dataclass(frozen=True)
class PlanSite:
    """A site's shape with its rooms; `label` says what a tap does."""

    slug: str
    name: str
    lang: str
    outline: str
    label: str
    rooms: list[PlanRoom]


@dataclass(frozen=True)
class Label:
    """A name on the plan: `place` is its style; tucked away where there is no room for it."""

    id: str
    kind: str
    text: str
    lang: str
    state: str
    sign: str
    anchor: str
    tucked: bool
    place: dict[str, str]


@dataclass(frozen=True)
class Stretch:
    """A leg of the way as a line; `is_near` where the shown levels hold it."""

    id: str
    d: str
    is_near: bool


@dataclass(frozen=True)
class Plan:
    """The drawing; lines and outlines are SVG paths in metres."""

    is_known: bool
    view_box: str
    size: dict[str, str]
    is_schematic: bool
    sites: list[PlanSite]
    buildings: str
    paths: str
    inner: str
    room_doors: str
    entrances: str
    way: list[Stretch]
    starts: str
    ends: str
    labels: list[Label]


@dataclass(frozen=True)
class Mini(Plan):
    """A small drawing that leads to the room; `note` says what it is not, `is_missing` that there is none."""

    is_missing: bool
    href: str
    label: str
    note: str


@dataclass(frozen=True)
class LevelChoice:
    """A level to choose; `at` is the address that it is chosen on."""

    at: str
    site: str
    id: str
    name: str
    lang: str
    is_current: bool


@dataclass(frozen=True)
class LevelSwitch:
    """The levels of a site that has several."""

    site: str
    name: str
    lang: str
    label: str
    choices: list[LevelChoice]


@dataclass(frozen=True)
class Choice:
    """A room to choose."""

    slug: str
    label: str


@dataclass(frozen=True)
class RoomPage:
    """One room: what is on there."""

    slug: str
    name: str
    lang: str
    site: str
    site_lang: str
    level: str
    now: list[Card]
    next: list[Card]
    days: list[Day]
    is_empty: bool
    others: list[Choice]


@dataclass(frozen=True)
class LegWords:
    """One leg of the way."""

    id: str
    text: str
    minutes: str


@dataclass(frozen=True)
class WayPage:
    """The way between two rooms; `problem` says why there are no legs."""

    title: str
    from_href: str
    to_href: str
    back_href: str
    start: str
    goal: str
    rooms: list[Choice]
    problem: str
    total: str
    legs: list[LegWords]
    there: str
    bases: list[str]
    has_stairs: bool
    avoids: bool


@dataclass(frozen=True)
class TextRoom:
    """A room in the text of the map; `leads` says where its doors lead."""

    slug: str
    href: str
    name: str
    lang: str
    level: str
    leads: list[str]


@dataclass(frozen=True)
class TextSite:
    """A site in the text of the map."""

    slug: str
    name: str
    lang: str
    rooms: list[TextRoom]
    leads: list[str]


@dataclass(frozen=True)
class TextWalk:
    """The minutes between two sites."""

    id: str
    start: str
    goal: str
    minutes: str


@dataclass(frozen=True)
class MapText:
    """The whole map in words."""

    sites: list[TextSite]
    walks: list[TextWalk]
    bases: list[str]


@dataclass(frozen=True)
class Near:
    """The address that a wrong one is most like."""

    href: str
    name: str


@dataclass(frozen=True)
class Outside:
    """The venue in a map app; "" where no coordinate is known."""

    href: str
    credit: str
