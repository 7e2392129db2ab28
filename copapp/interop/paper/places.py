"""Where it is: the sites with their rooms, how long one walks between them, and the small map."""

from dataclasses import replace
from typing import Any

from copapp.interop.paper.blocks import Block, Setting
from copapp.interop.paper.plan import numbered
from copapp.interop.paper.sheet import ACCENT, BASE, INNER, MARGIN, QUIET, Face

_HEADING = Face(10, is_bold=True, ink=ACCENT)
_SITE = Face(9, is_bold=True)
_TEXT = Face(9)
_SMALL = Face(8, ink=QUIET)
_ABOVE, _GAP, _PAD = 14.0, 22.0, 1.5
_COLUMN = 0.42 * INNER
_AFTER = 4.0
_MAP_LEAST, _MAP_FLOWING = 110.0, 260.0


class Places:
    """The lists, and the map beside them where there is one."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._lists = place_blocks(setting, _COLUMN if setting.plan else INNER)
        self._listed = sum(each.height for each in self._lists)

    @property
    def least(self) -> float:
        """Give the height without which it cannot be read."""
        least = _MAP_LEAST + self._heading if self._setting.plan else 0
        return _ABOVE + max(self._listed, least)

    def filling(self, height: float) -> Block:
        """Set it into what a page has left: the map as large as that and its width let."""
        width = INNER - _COLUMN - _GAP
        wanted = self._heading + self._setting.plan.height(width) if self._setting.plan else 0
        inner = max(self.least - _ABOVE, min(wanted, height - _ABOVE))

        def draw(top: float) -> None:
            top += min(height - inner, 2 * _ABOVE)
            if self._setting.plan:
                self._map(MARGIN + _COLUMN + _GAP, width, inner).draw(top)
            for each in self._lists:
                each.draw(top)
                top += each.height

        return Block(height, draw)

    @property
    def _heading(self) -> float:
        return _HEADING.scaled(self._setting.scale).leading + _AFTER

    def blocks(self) -> list[Block]:
        """Set it over as many pages as it takes."""
        drawn = [self._map(MARGIN, INNER, _MAP_FLOWING)] if self._setting.plan else []
        return [Block(_ABOVE, _space), *drawn, *place_blocks(self._setting, INNER)]

    def _map(self, x: float, width: float, height: float) -> Block:
        setting = self._setting
        assert setting.plan is not None  # noqa: S101 - who asks has looked
        plan, sheet = setting.plan, setting.sheet
        said = setting.paragraph("H2", plan.said(setting.words), _HEADING, width, _AFTER)
        sites = ", ".join(site["name"] for site in setting.programme["sites"])
        alt = setting.words("paper.map_alt", map=plan.said(setting.words), sites=sites)

        def draw(top: float) -> None:
            setting.stack(x, [said]).draw(top)
            with sheet.tagged("Figure", alt):
                plan.draw(sheet, x, top + said.height, width, height - said.height)

        return Block(height, draw)


def place_blocks(setting: Setting, width: float) -> list[Block]:
    """Set the sites with their rooms, and the walks, as lines of a column."""
    heading = setting.paragraph("H2", setting.words("paper.rooms"), _HEADING, width, 2)
    blocks = [replace(setting.stack(MARGIN, [heading]), is_heading=True)]
    for site in setting.programme["sites"]:
        name = setting.paragraph("P", _noted(site), _SITE, width, 1)
        named = replace(setting.stack(MARGIN, [name]), is_heading=True)
        rooms = [room for room in setting.programme["rooms"] if room["site"] == site["slug"]]
        blocks += [named, *(replace(_room(setting, room, width), again=named) for room in rooms)]
        blocks.append(Block(3 * setting.scale, _space))
    return blocks + _walks(setting, width)


def _room(setting: Setting, room: dict[str, Any], width: float) -> Block:
    number = setting.numbers.get(room["slug"])
    indent = _TEXT.size * setting.scale * 1.6 if number is not None else 8
    level = setting.plan.level(room["slug"]) if setting.plan else ""
    said = " · ".join(each for each in (_noted(room), level) if each)
    name = setting.paragraph("P", said, _TEXT, width - indent, _PAD)

    def draw(top: float) -> None:
        with setting.sheet.tagged("P"):
            if number is not None:
                numbered(setting.sheet, MARGIN, top + name.face.leading * BASE, number, name.face.size * 0.8)
            setting.sheet.say_lines(MARGIN + indent, top, name.lines, name.face)

    return Block(name.height, draw)


def _noted(place: dict[str, Any]) -> str:
    return f"{place['name']} – {place['note']}" if place["note"] else str(place["name"])


def _walks(setting: Setting, width: float) -> list[Block]:
    """Say how long one walks between sites, that it is estimated, and by whom."""
    walks, words = setting.programme["walks"], setting.words
    if not walks:
        return []
    names = {site["slug"]: site["name"] for site in setting.programme["sites"]}
    said = [
        words("paper.walk", **{"from": names[walk["from"]], "to": names[walk["to"]]}, minutes=walk["minutes"])
        for walk in walks
    ]
    bases = dict.fromkeys(walk["basis"] for walk in walks if walk["basis"])
    heading = setting.paragraph("H2", words("paper.walks"), _HEADING, width, 2)
    lines = [setting.paragraph("P", each, _TEXT, width, _PAD) for each in said]
    lines += [setting.paragraph("P", words("paper.basis", basis=each), _SMALL, width) for each in bases]
    above = Block(6 * setting.scale, _space)
    headed = replace(setting.stack(MARGIN, [heading]), is_heading=True)
    return [above, headed, *(setting.stack(MARGIN, [each]) for each in lines)]


def _space(_: float) -> None:
    """Leave space."""
