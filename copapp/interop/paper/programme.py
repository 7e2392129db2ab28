"""The whole programme with rooms and the small map on one A4, or on as many as it takes."""

from bisect import bisect_left
from dataclasses import replace
from datetime import datetime
from typing import Any

from copapp.interop.paper.blocks import Block, Setting, shared_out
from copapp.interop.paper.days import day_blocks
from copapp.interop.paper.head import head, running_head
from copapp.interop.paper.places import Places
from copapp.interop.paper.plan import Plan
from copapp.interop.paper.sheet import HEIGHT, MARGIN, QUIET, Face, Sheet
from copapp.interop.paper.words import Words

# From roomy to the smallest that is read without effort: of the smallest face, 8 points, 7 remain.
_SCALES = [each / 40 for each in range(50, 34, -1)]
_FLOWING = 1.0
_FOOT = Face(8, ink=QUIET)
_BODY = HEIGHT - 2 * MARGIN - 2 * _FOOT.leading


def programme_paper(
    programme: dict[str, Any], venue: dict[str, Any] | None, language: str, public_url: str
) -> bytes:
    """Write the PDF of a release; `programme` and `venue` in their public shapes, the venue None if unknown.

    Without a public address there is no QR code.
    """
    words = Words(language)
    conference, release = programme["conference"], programme["release"]
    title = words("paper.title", name=conference["name"])
    made = datetime.fromisoformat(release["released_at"])
    sheet = Sheet(title, conference["organisation"], language, made)
    numbers = {room["slug"]: number for number, room in enumerate(programme["rooms"], 1)}
    plan = Plan(venue, numbers, language) if venue else None
    settings = [Setting(sheet, words, programme, plan, public_url.rstrip("/"), scale) for scale in _SCALES]
    pages = _pages(settings)
    for number, page in enumerate(pages, 1):
        _draw(sheet, page, _foot(programme, words, number, len(pages)))
    return sheet.bytes()


def _pages(settings: list[Setting]) -> list[list[Block]]:
    """Give one page in the largest size in which all of it fits, or as many as it takes."""
    if _one_page(settings[-1]):
        return [_one_page(settings[bisect_left(settings, 1, key=lambda each: len(_one_page(each)))])]
    flowing = replace(settings[0], scale=_FLOWING)
    blocks = [head(flowing), *day_blocks(flowing), *Places(flowing).blocks()]
    return shared_out(blocks, _BODY, running_head(flowing))


def _one_page(setting: Setting) -> list[Block]:
    """Set all of it on one page; nothing if it does not fit."""
    above = [head(setting), *day_blocks(setting)]
    places = Places(setting)
    left = _BODY - sum(each.height for each in above)
    return [*above, places.filling(left)] if places.least <= left else []


def _draw(sheet: Sheet, page: list[Block], foot: str) -> None:
    sheet.add_page()
    top = MARGIN
    for block in page:
        block.draw(top)
        top += block.height
    with sheet.tagged("P"):
        sheet.say(MARGIN, HEIGHT - MARGIN, foot, _FOOT)


def _foot(programme: dict[str, Any], words: Words, number: int, count: int) -> str:
    at = datetime.fromisoformat(programme["release"]["released_at"])
    text = words(
        "paper.release", number=programme["release"]["number"], at=f"{words.long_date(at.date())}, {at:%H:%M}"
    )
    return text if count == 1 else f"{text} · {words('paper.page', number=number, count=count)}"
