"""Posters: one that leads to the app, then one for the door of each room.

Who passes a door reads any of our languages: each poster says its one sentence in the asked language first,
then in the others, so that one print does for everybody.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from copapp.i18n import LANGUAGES
from copapp.interop.paper.plan import Plan
from copapp.interop.paper.sheet import (
    ACCENT,
    BASE,
    HEIGHT,
    INNER,
    MARGIN,
    QUIET,
    WIDTH,
    Face,
    Line,
    Sheet,
    clean,
)
from copapp.interop.paper.words import Words

_KICKER = Face(15, is_bold=True, ink=ACCENT)
_NAME = Face(100, is_bold=True, lead=1.08)
_PLACE = Face(22, ink=QUIET)
_SENTENCE, _OTHERS = Face(23, is_bold=True), Face(13.5, ink=QUIET)
_ADDRESS, _APP_ADDRESS = Face(13, is_bold=True), Face(26, is_bold=True)
_HERE, _SMALL = Face(12, is_bold=True), Face(10, ink=QUIET)
_NAME_HEIGHT = 222.0
_RULE, _BELOW_RULE = 342.0, 372.0
_CODE, _APP_CODE = 248.0, 262.0
_GAP = 42.0  # four modules of the coarsest code


class NoAddressError(ValueError):
    """A poster is a QR code: without the app's public address there is none."""


@dataclass(frozen=True)
class _Poster:
    """What stands at the head, and where the code leads."""

    kicker: str
    name: str
    place: str
    address: str


def posters_paper(
    programme: dict[str, Any], venue: dict[str, Any] | None, language: str, public_url: str
) -> bytes:
    """Write the PDF: A4, as every office prints it. Raises NoAddressError without an address."""
    root = public_url.rstrip("/")
    if not root:
        raise NoAddressError
    words, told = Words(language), programme["conference"]
    made = datetime.fromisoformat(programme["release"]["released_at"])
    sheet = Sheet(words("paper.posters", name=told["name"]), told["organisation"], language, made)
    _draw_app(sheet, language, _app_poster(programme, words, root))
    for room in programme["rooms"]:
        plan = Plan(venue, {}, language, lit=room["slug"]) if venue else None
        _draw_room(
            sheet, language, _room_poster(programme, room, plan.level(room["slug"]) if plan else "", root)
        )
        if plan and plan.has(room["slug"]):
            _draw_map(sheet, words, plan, room["name"])
    return sheet.bytes()


def _app_poster(programme: dict[str, Any], words: Words, root: str) -> _Poster:
    told = programme["conference"]
    days = words.dates(date.fromisoformat(told["starts"]), date.fromisoformat(told["ends"]))
    kicker = f"{told['organisation']} · {words('paper.find_us')}"
    return _Poster(kicker, told["name"], f"{days} · {told['place']}", root)


def _room_poster(programme: dict[str, Any], room: dict[str, Any], level: str, root: str) -> _Poster:
    told = programme["conference"]
    site = next(each["name"] for each in programme["sites"] if each["slug"] == room["site"])
    kicker = f"{told['name']} · {told['organisation']}"
    place = " · ".join(each for each in (site, level) if each)
    return _Poster(kicker, room["name"], place, f"{root}/map/{room['slug']}")


def _draw_app(sheet: Sheet, language: str, poster: _Poster) -> None:
    """Draw the code as large as the words beside it let."""
    _draw_head(sheet, poster)
    _draw_code(sheet, language, poster.address, _APP_CODE)
    _draw_address(sheet, poster.address, _APP_ADDRESS)
    left = MARGIN + _APP_CODE + _GAP
    _draw_sentences(sheet, language, "paper.what_it_is", (left, _BELOW_RULE - 7), WIDTH - MARGIN - left)


def _draw_room(sheet: Sheet, language: str, poster: _Poster) -> None:
    """Draw the code with room for the map beside it."""
    _draw_head(sheet, poster)
    _draw_code(sheet, language, poster.address, _CODE)
    _draw_address(sheet, poster.address, _ADDRESS)
    below = _BELOW_RULE + _CODE + _GAP - 8
    _draw_sentences(sheet, language, "paper.on_in_this_room", (MARGIN, below), INNER)


def _draw_code(sheet: Sheet, language: str, address: str, side: float) -> None:
    with sheet.tagged("Figure", Words(language)("paper.code", address=address)):
        sheet.code(MARGIN, _BELOW_RULE, side, address)


def _draw_address(sheet: Sheet, address: str, largest: Face) -> None:
    """Write it at the foot, to be typed where a camera does not help."""
    shown = address.removeprefix("https://")
    face = sheet.largest(shown, largest, INNER, 34)
    lines = sheet.wrapped(shown, face, INNER)
    with sheet.tagged("P"):
        sheet.say_lines(MARGIN, HEIGHT - MARGIN - face.leading * len(lines), lines, face)


def _draw_sentences(sheet: Sheet, language: str, key: str, at: tuple[float, float], width: float) -> None:
    """Say one sentence in every language, the asked one first."""
    left, top = at
    for each in sorted(LANGUAGES, key=lambda each: each != language):
        face = _SENTENCE if each == language else _OTHERS
        lines = sheet.balanced(Words(each)(key), face, width)
        with sheet.tagged("P"):
            sheet.say_lines(left, top, lines, face)
        top += face.leading * len(lines) + face.size * 0.4


def _draw_head(sheet: Sheet, poster: _Poster) -> None:
    """Draw whose, what and where, each as large as its place lets."""
    sheet.add_page()
    top = MARGIN
    for tag, text, largest, height in (
        ("P", poster.kicker, _KICKER, 42.0),
        ("H1", poster.name, _NAME, _NAME_HEIGHT),
        ("P", poster.place, _PLACE, 56.0),
    ):
        face = sheet.largest(text, largest, INNER, height)
        lines = sheet.wrapped(text, face, INNER)
        hang = face.size * 0.06 if tag == "H1" else 0  # large letters carry their own margin
        with sheet.tagged(tag):
            sheet.say_lines(MARGIN - hang, top, lines, face)
        top += face.leading * len(lines) + 6
    rule: Line = [(MARGIN, _RULE), (WIDTH - MARGIN, _RULE)]
    with sheet.decoration():
        sheet.stroke(rule, ACCENT, 2)


def _draw_map(sheet: Sheet, words: Words, plan: Plan, room: str) -> None:
    """Draw the map beside the code: the room is filled, and the words say that one is there."""
    left = MARGIN + _CODE + _GAP
    width = WIDTH - MARGIN - left
    said = sheet.wrapped(plan.said(words), _SMALL, width)
    below = _BELOW_RULE + _CODE - _HERE.leading - _SMALL.leading * len(said)
    with sheet.tagged("Figure", words("paper.lit", map=plan.said(words), room=clean(room))):
        plan.draw(sheet, left, _BELOW_RULE - 8, width, below - _BELOW_RULE)
        sheet.disc(left + 4, below + _HERE.leading * 0.5, 4, ACCENT)
    with sheet.tagged("P"):
        sheet.say(left + 14, below + _HERE.leading * BASE, words("paper.here"), _HERE)
        sheet.say_lines(left, below + _HERE.leading, said, _SMALL)
