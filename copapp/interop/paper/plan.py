"""The small map: a venue document as vectors in a box of a sheet. For this package only."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from copapp.interop.paper.sheet import ACCENT, INK, LINE, QUIET, WHITE, Face, Ink, Line, Sheet, clean

_STEP = re.compile(r"([MLZ])\s*(?:(-?[\d.]+)[\s,]+(-?[\d.]+))?", re.IGNORECASE)
_NUMBER = 7.5
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

    def shape(self) -> tuple[float, float]:
        """Give width and height in the venue's own measure."""
        return self.venue["box"][2], self.venue["box"][3]

    def draw(self, sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
        """Draw it as large as the box lets, in its middle."""
        across, down = self.shape()
        y, height = y + _NAMES, height - 2 * _NAMES
        scale = min(width / across, height / down)
        left, top = x + (width - across * scale) / 2, y + (height - down * scale) / 2
        _Drawing(
            sheet, self, left - self.venue["box"][0] * scale, top - self.venue["box"][1] * scale, scale
        ).draw()


@dataclass(frozen=True)
class _Drawing:
    sheet: Sheet
    plan: Plan
    left: float
    top: float
    scale: float

    def draw(self) -> None:
        venue = self.plan.venue
        for building in venue["buildings"]:
            self._area(building["outline"], None, LINE)
        for site in venue["sites"]:
            self._area(site["outline"], _GROUND, QUIET)
        for path in venue["paths"]:
            self.sheet.stroke([self._at(point) for point in path["line"]], LINE, _WAY)
        for room in venue["rooms"]:
            is_lit = room["slug"] == self.plan.lit
            self._area(room["outline"], ACCENT if is_lit else WHITE, INK)
        for site in venue["sites"]:
            self._name(site)
        for room in venue["rooms"]:
            self._number(room)

    def _at(self, point: list[float]) -> tuple[float, float]:
        return self.left + point[0] * self.scale, self.top + point[1] * self.scale

    def _area(self, outline: str, fill: Ink | None, ink: Ink) -> None:
        for ring in _rings(outline):
            self.sheet.shape([self._at([*point]) for point in ring], fill=fill, ink=ink)

    def _name(self, site: dict[str, Any]) -> None:
        """Write a site's name above it, or below where a way would cross it."""
        text = clean(site["names"].get(self.plan.language, site["name"]))
        width = self.sheet.width(text, _SITE)
        x, y, across, down = site["box"]
        (left, top), (right, bottom) = self._at([x, y]), self._at([x + across, y + down])
        start = (left + right - width) / 2
        above = (start, top - _NAMES, start + width, top)
        self.sheet.say(start, bottom + 10 if self._is_crossed(above) else top - 4, text, _SITE)

    def _is_crossed(self, area: tuple[float, float, float, float]) -> bool:
        left, top, right, bottom = area
        for path in self.plan.venue["paths"]:
            points = [self._at(point) for point in path["line"]]
            for (x1, y1), (x2, y2) in pairwise(points):
                beside = max(x1, x2) < left or min(x1, x2) > right
                if not (beside or max(y1, y2) < top or min(y1, y2) > bottom):
                    return True
        return False

    def _number(self, room: dict[str, Any]) -> None:
        number = self.plan.numbers.get(room["slug"])
        if number is not None:
            x, y = self._at(room["at"])
            is_lit = room["slug"] == self.plan.lit
            numbered(self.sheet, x - 0.8 * _NUMBER, y + 0.36 * _NUMBER, number, _NUMBER, is_lit=is_lit)


def numbered(
    sheet: Sheet, x: float, baseline: float, number: int, size: float, *, is_lit: bool = False
) -> None:
    """Draw a room's number in a disc that begins at x; a lit one is reversed."""
    face = Face(size, is_bold=True, ink=ACCENT if is_lit else WHITE)
    radius = size * 0.8
    sheet.disc(x + radius, baseline - size * 0.36, radius, WHITE if is_lit else ACCENT, ACCENT)
    sheet.say(x + radius - sheet.width(str(number), face) / 2, baseline, str(number), face)


def _rings(outline: str) -> list[Line]:
    rings: list[Line] = []
    for step, x, y in _STEP.findall(outline):
        if step in "Mm":
            rings.append([])
        if x:
            rings[-1].append((float(x), float(y)))
    return rings
