"""The organisation's own page: days, and under them lines such as "Title, Site, Room X, 13:45 – 14:30"."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from copapp.domain.imported import Imported, Reason
from copapp.interop.readers import limits
from copapp.interop.readers.days import read_day
from copapp.interop.readers.frame import Frame
from copapp.interop.readers.gathered import Gathered
from copapp.interop.readers.places import Places
from copapp.interop.readers.plain_text import one_line, shown
from copapp.interop.readers.times import Times, at, split_cancelled, split_times

BULLET = "•"
_BULLETS = re.compile(r"^[•·‣◦▪●○∙*+–—-]\s+|^[•·‣◦▪●○∙]|^\d{1,3}[.)]\s+(?=\D)")  # signs of lists
_WRAPPED = 6
_PARTS = 3


@dataclass
class _Line:
    """One line; `is_item` where it began with a list's sign."""

    where: str
    text: str
    is_item: bool


def read_page(text: str, frame: Frame, *, is_html: bool = False) -> Imported | None:
    """Read a page's text; None if no day heads anything in it, which makes it another format."""
    return _Page(_lines(text, is_html=is_html), frame, "html" if is_html else "page").read()


def _lines(text: str, *, is_html: bool) -> list[_Line]:
    limits.refuse_many("lines", text.count("\n"), limits.LINES)
    found: list[_Line] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = one_line(raw[: limits.LINE])
        bullet = _BULLETS.match(line)
        where = f"entry {len(found) + 1}" if is_html else f"line {number}"
        found.append(_Line(where, line[bullet.end() :].strip() if bullet else line, bool(bullet)))
    return found


class _Page:
    """Reads a page from its first line to its last."""

    def __init__(self, lines: list[_Line], frame: Frame, format_: str) -> None:
        self.lines, self.frame = lines, frame
        self.places = Places(frame)
        self.found = Gathered(format_)
        self.day: date | None = None
        self.has_days = False
        self.is_listed = any(line.is_item for line in lines)
        self.is_listing = False

    def read(self) -> Imported | None:
        at_line = 0
        while at_line < len(self.lines):
            at_line += self._read(at_line)
        return self.found.imported() if self.has_days else None

    def _read(self, index: int) -> int:
        """Read what begins at this line, and say how many lines it took."""
        line = self.lines[index]
        if self._heading(line):
            return 1
        if not self.has_days or not line.text:
            return 1
        text, count = self._unwrapped(index)
        if self._is_entry(line, text):
            self.is_listing = True
            self._entry(line.where, text)
        elif line.is_item and self.is_listing:
            self.found.skip(line.where, Reason.NO_START, f"{shown(text)} has no time.", text)
        else:
            # Lists after a paragraph, such as a page's footer, are no part of the programme.
            self.is_listing = False
        return count

    def _heading(self, line: _Line) -> bool:
        day = read_day(line.text, self.frame)
        if not day:
            return False
        self.has_days = self.is_listing = True
        self.day = day.date
        if not day.date:
            words = f"{shown(line.text)} is no day of this conference; what stands under it is left out."
            self.found.skip(line.where, Reason.DAY_UNKNOWN, words, line.text)
        elif not day.is_weekday_right:
            words = f"{shown(line.text)} is a {day.date:%A}; the number was taken."
            self.found.skip(line.where, Reason.WEEKDAY, words, line.text)
        return True

    def _unwrapped(self, index: int) -> tuple[str, int]:
        """Join an item that goes on over the next lines until its time."""
        line = self.lines[index]
        text = line.text
        if not line.is_item or self._is_entry(line, text):
            return text, 1
        joined = text
        for count in range(1, _WRAPPED):
            after = self.lines[index + count] if index + count < len(self.lines) else None
            if not after or not after.text or after.is_item or read_day(after.text, self.frame):
                break
            joined = f"{joined} {after.text}"
            if self._is_entry(line, joined):
                return joined, count + 1
        return text, 1

    def _is_entry(self, line: _Line, text: str) -> bool:
        """Say whether it has a time and, where nothing in the page has a list's sign, a place."""
        found = split_times(split_cancelled(text)[0])
        if not found:
            return False
        return line.is_item or (not self.is_listed and len(found[0].split(",")) >= _PARTS)

    def _entry(self, where: str, line: str) -> None:
        text, is_cancelled = split_cancelled(line)
        found = split_times(text)
        if not self.day:
            self.found.skip(where, Reason.NO_DAY, f"{shown(line)} stands under no day.", line)
        elif found:
            left, written, times = found
            self._add(where, left, written, times, is_cancelled=is_cancelled)

    def _add(self, where: str, left: str, written: str, times: Times | None, *, is_cancelled: bool) -> None:
        parts = [part.strip() for part in left.split(",") if part.strip()]
        title, room, site = self.places.of_line(parts)
        named = ", ".join(title)
        if times and times.is_end_wrong:
            words = f"The end in {shown(written)} cannot be right: it is taken as unknown."
            self.found.skip(where, Reason.END_NOT_READ, words, written)
        self.found.add(
            where,
            named,
            self._instant(times.starts if times else None),
            self._instant(times.ends if times else None),
            place=(room, site),
            is_cancelled=is_cancelled,
            published=", ".join([*parts[len(title) :], written]),
        )

    def _instant(self, minutes: int | None) -> datetime | None:
        if minutes is None or not self.day:
            return None
        return self.frame.in_utc(at(datetime.combine(self.day, time()), minutes))
