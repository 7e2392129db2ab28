"""The small map: a venue document as vectors in a box of a sheet. For this package only."""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from copapp.interop.paper.sheet import ACCENT, INK, LINE, QUIET, WHITE, Face, Ink, Line, Sheet, clean
from copapp.interop.paper.words import Words

Box = tuple[float, float, float, float]

_STEP = re.compile(r"([MLZ])\s*(?:(-?[\d.]+)[\s,]+(-?[\d.]+))?", re.IGNORECASE)
_NUMBER, _SMALLEST_NUMBER, _POINT = 7.5, 5.0, 3.5
_SITE = Face(8, is_bold=True)
_GROUND: Ink = (246, 243, 235)
_NAMES = 12.0  # what a site's name takes above or below all else
_WAY = 2.5


@dataclass(frozen=True)
class Plan:
    """A venue with the numbers of its rooms; `lit` is the room that a poster hangs at."""

    venue: dict[str, Any]
    numbers: dict[str, int]
    language: str
    lit: str = ""

    def said(self, words: Words) -> str:
        """Say what kind of map it is."""
        return words("paper.schematic" if self.venue["schematic"] else "paper.map")

    def has(self, room: str) -> bool:
        """Whether it shows a room."""
        return any(each["slug"] == room for each in self.venue["rooms"])

    def level(self, room: str) -> str:
        """Name the level of a room, if it is known."""
        names = {each["id"]: each["names"].get(self.language, each["name"]) for each in self.venue["levels"]}
        levels = {each["slug"]: each["level"] for each in self.venue["rooms"]}
        return str(names.get(levels.get(room), ""))

    def height(self, width: float) -> float:
        """Give the height it takes to be as wide as that."""
        _, _, across, down = self.venue["box"]
        return float(width * down / across + 2 * _NAMES)

    def draw(self, sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
        """Draw it as large as the box lets, in its middle."""
        left, top, across, down = self.venue["box"]
        scale = min(width / across, (height - 2 * _NAMES) / down)
        x += (width - across * scale) / 2 - left * scale
        y += (height - down * scale) / 2 - top * scale
        _Drawing(sheet, self, x, y, scale).draw()


@dataclass(frozen=True)
class _Drawing:
    sheet: Sheet
    plan: Plan
    left: float
    top: float
    scale: float
    taken: list[Box] = field(default_factory=list)

    def draw(self) -> None:
        venue = self.plan.venue
        for building in venue["buildings"]:
            self._area(building["outline"], None, LINE)
        for site in venue["sites"]:
            self._area(site["outline"], _GROUND, QUIET)
        for path in venue["paths"]:
            self.sheet.stroke([self._at(point) for point in path["line"]], LINE, _WAY)
        for room in sorted(venue["rooms"], key=self._is_lit):
            self._area(room["outline"], ACCENT if self._is_lit(room) else WHITE, INK)
        for site in venue["sites"]:
            self._name(site)
        for room in venue["rooms"]:
            self._mark(room)

    def _is_lit(self, room: dict[str, Any]) -> bool:
        return bool(room["slug"] == self.plan.lit)

    def _at(self, point: list[float]) -> tuple[float, float]:
        return self.left + point[0] * self.scale, self.top + point[1] * self.scale

    def _box(self, given: list[float]) -> Box:
        x, y, width, height = given
        return (*self._at([x, y]), *self._at([x + width, y + height]))

    def _area(self, outline: str, fill: Ink | None, ink: Ink) -> None:
        for ring in _rings(outline):
            self.sheet.shape([self._at([*point]) for point in ring], fill=fill, ink=ink)

    def _name(self, site: dict[str, Any]) -> None:
        """Write a site's name above it, or below, where nothing is in the way; else only the list has it."""
        text = clean(site["names"].get(self.plan.language, site["name"]))
        width = self.sheet.width(text, _SITE)
        left, top, right, bottom = self._box(site["box"])
        start = (left + right - width) / 2
        for y in (top - _NAMES, bottom + 1):
            area = (start, y, start + width, y + _NAMES - 1)
            if self._is_free(area, site):
                self.sheet.say(start, y + _NAMES - 4, text, _SITE)
                self.taken.append(area)
                return

    def _is_free(self, area: Box, site: dict[str, Any]) -> bool:
        venue = self.plan.venue
        left, _, right, _ = self._box(venue["box"])
        others = [self._box(each["box"]) for each in venue["sites"] if each is not site]
        lines = [[self._at(point) for point in path["line"]] for path in venue["paths"]]
        ways = [
            (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
            for line in lines
            for (x1, y1), (x2, y2) in pairwise(line)
        ]
        is_within = left <= area[0] and area[2] <= right
        return is_within and not any(_meets(area, each) for each in (*others, *ways, *self.taken))

    def _mark(self, room: dict[str, Any]) -> None:
        """Write a room's number, or put a point into the lit one; and into one too small for a number."""
        x, y = self._at(room["at"])
        number = self.plan.numbers.get(room["slug"])
        size = min(_NUMBER, 0.5 * self.scale * min(room["box"][2:]))
        if self._is_lit(room):
            self.sheet.disc(x, y, min(_POINT, size), WHITE)
        elif number and size < _SMALLEST_NUMBER:
            self.sheet.disc(x, y, size / 2, ACCENT)
        elif number:
            numbered(self.sheet, self._beside(x, y, size) - 0.8 * size, y + 0.36 * size, number, size)

    def _beside(self, x: float, y: float, size: float) -> float:
        """Give where a number has place: rooms of several levels may lie over each other."""
        radius = 0.8 * size
        while any(_meets((x - radius, y - radius, x + radius, y + radius), each) for each in self.taken):
            x += radius
        self.taken.append((x - radius, y - radius, x + radius, y + radius))
        return x


def _meets(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def numbered(sheet: Sheet, x: float, baseline: float, number: int, size: float) -> None:
    """Draw a room's number in a disc that begins at x."""
    face = Face(size, is_bold=True, ink=WHITE)
    radius = size * 0.8
    sheet.disc(x + radius, baseline - size * 0.36, radius, ACCENT)
    sheet.say(x + radius - sheet.width(str(number), face) / 2, baseline, str(number), face)


def _rings(outline: str) -> list[Line]:
    rings: list[Line] = []
    for step, x, y in _STEP.findall(outline):
        if step in "Mm":
            rings.append([])
        if x:
            rings[-1].append((float(x), float(y)))
    return rings
