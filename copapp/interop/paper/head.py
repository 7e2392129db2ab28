"""The head of the programme: whose, what, where and when, and the way into the app."""

from datetime import date

from copapp.interop.paper.blocks import Block, Setting
from copapp.interop.paper.sheet import ACCENT, INNER, MARGIN, QUIET, WIDTH, Face

_KICKER = Face(10, is_bold=True, ink=ACCENT)
_NAME = Face(30, is_bold=True)
_TEXT = Face(9, ink=QUIET)
_DATES = Face(10.5, is_bold=True)
_SAID, _ADDRESS = Face(8, ink=QUIET), Face(8)
_SIDE, _COLUMN = 76.0, 124.0
_BLANK = 11.0  # around the code (ISO/IEC 18004: four modules)


def head(setting: Setting) -> Block:
    """Set the head of the first page."""
    return _coded(setting) if setting.address else _told(setting, INNER)


def running_head(setting: Setting) -> Block:
    """Set the line above each further page."""
    told = setting.programme["conference"]
    line = setting.paragraph("P", f"{told['name']} · {told['organisation']}", _KICKER, INNER, 4)
    return setting.stack(MARGIN, [line])


def _told(setting: Setting, width: float) -> Block:
    told, words = setting.programme["conference"], setting.words
    days = [date.fromisoformat(told[each]) for each in ("starts", "ends")]
    name = setting.sheet.largest(told["name"], _NAME, width, 2 * _NAME.leading)
    listed = [
        ("P", f"{told['organisation']} · {words('paper.find_us')}", _KICKER, 0),
        ("H1", told["name"], name, 0),
        ("P", told["long_name"], _TEXT, 5),
        ("P", f"{words.dates(*days)} · {told['place']}", _DATES, 0),
        ("P", words.zone(told["timezone"], *days), _TEXT, 0),
    ]
    return setting.stack(
        MARGIN, [setting.paragraph(tag, text, face, width, after) for tag, text, face, after in listed]
    )


def _coded(setting: Setting) -> Block:
    """Put the app's QR code beside the head, its address in text under it."""
    sheet, address = setting.sheet, setting.address
    told = _told(setting, INNER - _COLUMN - 12)
    left = WIDTH - MARGIN - _COLUMN
    said = setting.paragraph("P", setting.words("paper.app"), _SAID, _COLUMN)
    shown = setting.paragraph("P", address.removeprefix("https://"), _ADDRESS, _COLUMN)
    below = _SIDE + _BLANK - 4

    def draw(top: float) -> None:
        told.draw(top)
        with sheet.tagged("Figure", setting.words("paper.code", address=address)):
            sheet.code(left + (_COLUMN - _SIDE) / 2, top, _SIDE, address)
        with sheet.tagged("P"):
            sheet.say_middle(left, top + below, _COLUMN, said.lines, said.face)
            sheet.say_middle(left, top + below + said.height, _COLUMN, shown.lines, shown.face)

    return Block(max(told.height, below + said.height + shown.height), draw)
