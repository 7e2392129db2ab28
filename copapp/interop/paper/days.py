"""The days of the programme, and what is on when and where."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from copapp.interop.paper.blocks import Block, Paragraph, Setting
from copapp.interop.paper.plan import numbered
from copapp.interop.paper.sheet import ACCENT, BASE, INNER, LINE, MARGIN, QUIET, STOP, WIDTH, Face, Sheet

_DAY = Face(11, is_bold=True, ink=ACCENT)
_TIME = Face(11, is_bold=True)
_TITLE = Face(10.5)
_ROOM = Face(9.5, is_bold=True)
_SMALL = Face(8, ink=QUIET)
_CANCELLED = Face(8.5, is_bold=True, ink=STOP)
_GAP = 14.0
_WHERE = 0.27 * INNER
_ABOVE, _PAD = 10.0, 3.5


def day_blocks(setting: Setting) -> list[Block]:
    """Set each day that has events: its heading, then the events by time."""
    events = sorted(setting.programme["events"], key=lambda event: (event["starts"][:10], event["starts"]))
    blocks: list[Block] = []
    for day, on_day in groupby(events, key=lambda event: date.fromisoformat(event["starts"][:10])):
        name = setting.words.day(day)
        again = _heading(setting, setting.words("paper.continued", day=name))
        first, *others = [_event(setting, event) for event in on_day]
        blocks += [_heading(setting, name), first, *(replace(each, again=again) for each in others)]
    return blocks


def _heading(setting: Setting, name: str) -> Block:
    text = setting.paragraph("H2", name, _DAY, INNER)
    above = _ABOVE * setting.scale
    said = setting.stack(MARGIN, [text])

    def draw(top: float) -> None:
        said.draw(top + above)
        with setting.sheet.decoration():
            line = top + above + text.height + 2
            setting.sheet.stroke([(MARGIN, line), (WIDTH - MARGIN, line)], ACCENT, 1)

    return Block(above + text.height + 2, draw, is_heading=True)


@dataclass(frozen=True)
class _Cell:
    """A column of an event's row; a room's number stands before its first line."""

    x: float
    paragraphs: list[Paragraph]
    number: int | None = None

    @property
    def height(self) -> float:
        return sum(each.height for each in self.paragraphs)

    def draw(self, sheet: Sheet, top: float) -> None:
        face = self.paragraphs[0].face
        if self.number is not None:
            numbered(sheet, self.x, top + face.leading * BASE, self.number, face.size * 0.8)
        for each in self.paragraphs:
            sheet.say_lines(self.x + _indent(self.number, face), top, each.lines, each.face)
            top += each.height


def _indent(number: int | None, face: Face) -> float:
    return 0 if number is None else face.size * 1.6


def _event(setting: Setting, event: dict[str, Any]) -> Block:
    """Set an event: when, what, where, on one base line."""
    times, where = 80 * setting.scale, INNER - _WHERE
    cells = [
        _Cell(MARGIN, _when(setting, event, times)),
        _Cell(MARGIN + times + _GAP, _what(setting, event, where - times - 2 * _GAP)),
        _where(setting, event, MARGIN + where),
    ]
    height = max(cell.height for cell in cells)
    first = max(cell.paragraphs[0].face.leading for cell in cells)
    pad = _PAD * setting.scale

    def draw(top: float) -> None:
        with setting.sheet.tagged("P"):
            for cell in cells:
                cell.draw(setting.sheet, top + pad + BASE * (first - cell.paragraphs[0].face.leading))
        with setting.sheet.decoration():
            line = top + height + 2 * pad
            setting.sheet.stroke([(MARGIN, line), (WIDTH - MARGIN, line)], LINE)

    return Block(height + 2 * pad, draw)


def _when(setting: Setting, event: dict[str, Any], width: float) -> list[Paragraph]:
    """Say from when to when; an end that is unknown, or on another day, is said in words."""
    starts = datetime.fromisoformat(event["starts"])
    ends = datetime.fromisoformat(event["ends"]) if event["ends"] else None
    if ends and ends.date() == starts.date():
        return [setting.paragraph("P", f"{starts:%H:%M}–{ends:%H:%M}", _TIME, width)]
    words = setting.words
    until = words("paper.until", day=words.day(ends), time=f"{ends:%H:%M}") if ends else words("paper.no_end")
    return [
        setting.paragraph("P", f"{starts:%H:%M}", _TIME, width),
        setting.paragraph("P", until, _SMALL, width),
    ]


def _what(setting: Setting, event: dict[str, Any], width: float) -> list[Paragraph]:
    """Give the title in full; a cancelled one struck through, and the word before it."""
    if event["status"] != "cancelled":
        return [setting.paragraph("P", event["title"], _TITLE, width)]
    word = setting.paragraph("P", setting.words("paper.cancelled"), _CANCELLED, width)
    return [word, setting.paragraph("P", event["title"], replace(_TITLE, ink=QUIET, is_struck=True), width)]


def _where(setting: Setting, event: dict[str, Any], x: float) -> _Cell:
    room = next(each for each in setting.programme["rooms"] if each["slug"] == event["room"])
    site = next(each for each in setting.programme["sites"] if each["slug"] == room["site"])
    number = setting.numbers.get(room["slug"])
    width = _WHERE - _indent(number, _ROOM.scaled(setting.scale))
    named = [(room["name"], _ROOM), (site["name"], _SMALL)]
    return _Cell(x, [setting.paragraph("P", name, face, width) for name, face in named], number)
