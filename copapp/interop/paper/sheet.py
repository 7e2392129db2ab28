"""A sheet of A4 in points, y from the top: kerned text, shapes, QR codes, and tags for reading voices."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import chain, repeat
from pathlib import Path

import segno
from fontTools.ttLib import TTFont
from fpdf import FPDF, ViewerPreferences
from fpdf.fonts import TTFFont

Ink = tuple[int, int, int]
Line = list[tuple[float, float]]

# LOOK's tokens; the ground is the paper.
INK, QUIET, LINE, ACCENT, SOFT, STOP, WHITE = (
    (31, 36, 33),
    (86, 94, 88),
    (221, 214, 198),
    (11, 92, 120),
    (227, 240, 244),
    (159, 45, 32),
    (255, 255, 255),
)
WIDTH, HEIGHT = 595.28, 841.89
MARGIN = 42.5  # 15 mm, which every printer can print
INNER = WIDTH - 2 * MARGIN
BASE = 0.78  # where the base line is in a line's height

_FONTS = Path(__file__).parent / "fonts"
_SMALLEST = 8
_GAPS = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})
# Letters that the font draws under another number.
_LIKE = {0x2BB: 0x2018, 0x2010: 0x2D, 0x2011: 0x2D, 0x202F: 0xA0}
_BREAKS = re.compile(r"(?<=[-–—/.])(?=\w)")


@dataclass(frozen=True)
class Face:
    """How text looks; the size is in points."""

    size: float
    is_bold: bool = False
    ink: Ink = INK
    is_struck: bool = False
    lead: float = 1.28

    @property
    def leading(self) -> float:
        """Give the distance of two baselines."""
        return self.size * self.lead

    def scaled(self, scale: float) -> "Face":
        """Give it larger or smaller."""
        return replace(self, size=round(self.size * scale, 2))


def clean(text: str) -> str:
    """Give text as one line, composed, without what cannot be seen: controls, overrides of direction."""
    kept = (each for each in _GAPS.sub(" ", text) if unicodedata.category(each) not in _UNSEEN)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


@cache
def _kerning(file: Path) -> dict[tuple[str, str], float]:
    """Give the kerning of pairs of glyphs, in thousandths of the size."""
    with TTFont(file, lazy=True) as font:
        scale = 1000 / font["head"].unitsPerEm
        pairs: dict[tuple[str, str], int] = font["kern"].kernTables[0].kernTable
    return {pair: by * scale for pair, by in pairs.items()}


class Sheet(FPDF):
    """One document."""

    def __init__(self, title: str, author: str, language: str, made: datetime) -> None:
        super().__init__(unit="pt", format="A4")
        self.set_auto_page_break(auto=False)
        self.set_title(clean(title))
        self.set_author(clean(author))
        self.set_lang(language)
        self.set_creation_date(made)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.add_font("sans", "", _FONTS / "OpenSans-Regular.ttf")
        self.add_font("sans", "B", _FONTS / "OpenSans-Semibold.ttf")
        for font in self.fonts.values():
            assert isinstance(font, TTFFont)  # noqa: S101 - what `add_font` made of our files
            font.cmap = dict(font.cmap)  # ours to add to; the file's own is written as it is
        self._tags: Counter[int] = Counter()
        self._widths: dict[tuple[str, bool], float] = {}

    def bytes(self) -> bytes:
        """Write the document."""
        return bytes(self.output())

    @contextmanager
    def tagged(self, kind: str, alt: str = "") -> Iterator[None]:
        """Tag what is drawn within as a P, H1, H2 or Figure: a reading voice follows the tags in order.

        fpdf2 tags pictures only; this is its own way, opened to every kind.
        """
        number = self._tags[self.page]
        self._tags[self.page] += 1
        self._add_marked_content(struct_type=f"/{kind}", mcid=number, alt_text=clean(alt) or None)
        self._out(f"/{kind} <</MCID {number}>> BDC")
        yield
        self._out("EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Say that what is drawn within means nothing: reading voices leave it out."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")

    def width(self, text: str, face: Face) -> float:
        """Measure one line of clean text."""
        known = self._widths.get((text, face.is_bold))
        if known is None:
            font = self._font(face, text)
            known = sum(font.cw[ord(each)] + by for each, by in _kerned(font, text)) / 1000
            self._widths[text, face.is_bold] = known
        return known * face.size

    def wrapped(self, text: str, face: Face, width: float) -> list[str]:
        """Break text into lines; a word that is wider than a line is broken where it must be."""
        lines: list[str] = []
        left = 0.0
        for glue, part in self._parts(clean(text), face, width):
            needed = self.width(glue, face) + self.width(part, face)
            if lines and needed <= left:
                lines[-1] += glue + part
                left -= needed
            else:
                lines.append(part)
                left = width - self.width(part, face)
        return lines

    def largest(self, text: str, face: Face, width: float, height: float) -> Face:
        """Give the face in the largest size in which text fits with its words whole, or the smallest."""
        words = clean(text).split(" ")
        for size in range(int(face.size), _SMALLEST, -2):
            tried = replace(face, size=size)
            is_narrow = all(self.width(word, tried) <= width for word in words)
            if is_narrow and len(self.wrapped(text, tried, width)) * tried.leading <= height:
                return tried
        return replace(face, size=_SMALLEST)

    def balanced(self, text: str, face: Face, width: float) -> list[str]:
        """Break text into as few lines, of much the same length: no word stands alone on the last."""
        lines = self.wrapped(text, face, width)
        if len(lines) == 1:
            return lines
        narrower = range(int(width / 2), int(width))
        enough = bisect_left(narrower, -len(lines), key=lambda each: -len(self.wrapped(text, face, each)))
        return self.wrapped(text, face, narrower[enough]) if enough < len(narrower) else lines

    def _parts(self, text: str, face: Face, width: float) -> Iterator[tuple[str, str]]:
        """Give what a line may not break, each with the glue before it."""
        for word in text.split(" "):
            if self.width(word, face) <= width:
                yield " ", word
            else:
                pieces = (part for piece in _BREAKS.split(word) for part in self._cut(piece, face, width))
                yield from zip(chain(" ", repeat("")), pieces, strict=False)

    def _cut(self, piece: str, face: Face, width: float) -> Iterator[str]:
        while len(piece) > 1 and self.width(piece, face) > width:
            fits = max(1, self._fitting(piece, face, width))
            yield piece[:fits]
            piece = piece[fits:]
        yield piece

    def _fitting(self, text: str, face: Face, width: float) -> int:
        return bisect_right(range(len(text)), width, key=lambda until: self.width(text[:until], face)) - 1

    def say(self, x: float, baseline: float, text: str, face: Face) -> None:
        """Draw one line of clean text."""
        font = self._font(face, text)
        drawn = "".join(
            f"<{font.subset.pick(ord(each)) or 0:04x}>" + (f"{-by:.0f}" if by else "")
            for each, by in _kerned(font, text)
        )
        self._set_font_for_page(font, face.size)
        at = f"{x:.2f} {HEIGHT - baseline:.2f} Td"
        self._out(f"BT {_ink(face.ink)} rg /F{font.i} {face.size:.2f} Tf {at} [{drawn}] TJ ET")
        if face.is_struck:
            middle = baseline - face.size * 0.3
            self.stroke([(x, middle), (x + self.width(text, face), middle)], face.ink, face.size / 14)

    def say_lines(self, x: float, top: float, lines: list[str], face: Face) -> None:
        """Draw lines under each other."""
        for number, line in enumerate(lines):
            self.say(x, top + face.leading * (number + BASE), line, face)

    def say_middle(self, x: float, top: float, width: float, lines: list[str], face: Face) -> None:
        """Draw lines under each other, each in the middle of a column."""
        for number, line in enumerate(lines):
            indent = (width - self.width(line, face)) / 2
            self.say(x + indent, top + face.leading * (number + BASE), line, face)

    def shape(
        self, points: Line, *, fill: Ink | None = None, ink: Ink | None = None, pen: float = 0.6
    ) -> None:
        """Draw a closed outline."""
        self._out(f"q {_paint(fill, ink, pen)} {_path(points)} h {_how(fill, ink)} Q")

    def stroke(self, points: Line, ink: Ink, pen: float = 0.6, dash: str = "") -> None:
        """Draw an open line; `dash` is lengths of ink and gap."""
        self._out(f"q {_paint(None, ink, pen)} [{dash}] 0 d 1 J 1 j {_path(points)} S Q")

    def disc(self, x: float, y: float, radius: float, fill: Ink | None, ink: Ink | None = None) -> None:
        """Draw a circle of four arcs."""
        bow, base = radius * 0.5523, HEIGHT - y
        arcs = " ".join(
            " ".join(f"{x + dx:.2f} {base + dy:.2f}" for dx, dy in three) + " c"
            for three in (
                ((radius, bow), (bow, radius), (0, radius)),
                ((-bow, radius), (-radius, bow), (-radius, 0)),
                ((-radius, -bow), (-bow, -radius), (0, -radius)),
                ((bow, -radius), (radius, -bow), (radius, 0)),
            )
        )
        self._out(f"q {_paint(fill, ink, 0.6)} {x + radius:.2f} {base:.2f} m {arcs} h {_how(fill, ink)} Q")

    def code(self, x: float, y: float, side: float, address: str) -> None:
        """Draw the QR code of an address as a link to it; four modules around it are to stay blank."""
        rows = segno.make_qr(address, error="q").matrix
        module, top = side / len(rows), HEIGHT - y
        runs = [
            f"{x + run.start() * module:.3f} {top - (row + 1) * module:.3f}"
            f" {len(run[0]) * module:.3f} {module:.3f} re"
            for row, modules in enumerate(rows)
            for run in re.finditer(rb"\x01+", modules)
        ]
        self._out(f"q 0 0 0 rg {' '.join(runs)} f Q")
        self.link(x, y, side, side, address)

    def _font(self, face: Face, text: str) -> TTFFont:
        """Give the font; letters that it lacks show as its empty box, and are copied as what they are."""
        font = self.fonts["sansB" if face.is_bold else "sans"]
        assert isinstance(font, TTFFont)  # noqa: S101 - what `add_font` made of our files
        for each in set(map(ord, text)) - font.cmap.keys():
            if like := _LIKE.get(each):
                number, name = font.glyph_ids[like], font.cmap[like]
            else:
                number, name = 0, ".notdef"
            font.glyph_ids[each], font.cmap[each] = number, name
            font.cw[each] = round(font.ttfont["hmtx"][name][0] * font.scale)
        return font


def _kerned(font: TTFFont, text: str) -> Iterator[tuple[str, float]]:
    """Give each letter with what comes between it and the next."""
    pairs = _kerning(font.ttffile)
    names = [font.cmap[ord(each)] for each in text]
    for each, name, following in zip(text, names, [*names[1:], ""], strict=False):
        yield each, pairs.get((name, following), 0)


def _ink(ink: Ink) -> str:
    return " ".join(f"{each / 255:.3f}" for each in ink)


def _paint(fill: Ink | None, ink: Ink | None, pen: float) -> str:
    filled = f"{_ink(fill)} rg " if fill else ""
    return filled + (f"{_ink(ink)} RG {pen:.2f} w" if ink else "")


def _how(fill: Ink | None, ink: Ink | None) -> str:
    return ("B" if ink else "f") if fill else "S"


def _path(points: Line) -> str:
    drawn = [f"{x:.2f} {HEIGHT - y:.2f}" for x, y in points]
    return f"{drawn[0]} m " + " ".join(f"{each} l" for each in drawn[1:])
