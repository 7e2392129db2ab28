"""A table's rows as events: what a spreadsheet and a CSV file have in common."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from copapp.domain.imported import Imported, Reason
from copapp.domain.wall_clock import wall_end, wall_shift
from copapp.interop.formula_guard import unguarded
from copapp.interop.readers import limits
from copapp.interop.readers.columns import read_columns
from copapp.interop.readers.frame import Frame
from copapp.interop.readers.gathered import Gathered
from copapp.interop.readers.moments import Moment, read_length, read_moment
from copapp.interop.readers.places import Places
from copapp.interop.readers.plain_text import one_line, shown

WIDTH = 100
ROWS = 20_000
HEADING_WITHIN = 20
_OFF = {
    *("cancelled", "canceled", "annulé", "annulée", "annule", "cancelado", "cancelada"),
    *("отменено", "отменён", "отменен"),
}
_UNKNOWN = {"", "-", "–", "—", "?", "tba", "tbc", "tbd", "n/a", "unknown", "open"}
_YES = {"true", "yes", "1", "oui", "sí", "si", "да", "vrai", "verdadero", "истина"}


@dataclass(frozen=True)
class Row:
    """One row: where it stands, and its cells as texts or as a spreadsheet's own values."""

    where: str
    cells: list[Any]


def read_rows(rows: Iterable[Row], frame: Frame, format_: str) -> Imported | None:
    """Read a table; None if none of its first rows is a heading that is known."""
    table = None
    for count, row in enumerate(rows, start=1):
        limits.refuse_many("rows", count, ROWS)
        if table:
            table.read(row)
        elif count > HEADING_WITHIN:
            return None
        else:
            columns = read_columns([one_line(cell) for cell in row.cells[:WIDTH]])
            table = _Table(columns, frame, Gathered(format_)) if columns else None
    return table.found.imported() if table else None


class _Table:
    """Reads rows under one heading; a day that a row leaves out is that of the row above."""

    def __init__(self, columns: dict[str, int], frame: Frame, found: Gathered) -> None:
        self.columns, self.frame, self.found = columns, frame, found
        self.places = Places(frame)
        self.day: date | None = None

    def read(self, row: Row) -> None:
        filled = [cell for cell in row.cells if _is_filled(cell)]
        if len(filled) <= 1:
            self._divider(row, filled)
        elif self._text(row, "all_day").casefold() in _YES:
            words = f"{shown(self._text(row, 'title'))} lasts all day and has no time."
            self.found.skip(row.where, Reason.ALL_DAY, words, self._text(row, "title"))
        else:
            self._event(row)

    def _divider(self, row: Row, filled: list[Any]) -> None:
        """Take a row that holds a day alone as the day of those below."""
        if not filled:
            return
        when = read_moment(filled[0], self.frame)
        if when and when.day and not when.has_time:
            self.day = when.day
        else:
            self.found.skip(
                row.where, Reason.NOT_AN_EVENT, f"The row holds {shown(filled[0])} alone.", filled[0]
            )

    def _event(self, row: Row) -> None:
        starts, ends = self._times(row)
        self.found.add(
            row.where,
            self._text(row, "title"),
            starts,
            ends,
            place=self._place(row),
            key=self._text(row, "key"),
            descriptions=self._descriptions(row),
            is_cancelled=self._text(row, "status").casefold() in _OFF,
            published=self._text(row, "published"),
        )

    def _times(self, row: Row) -> tuple[datetime | None, datetime | None]:
        begins = self._moment(row, "starts") or Moment()
        dated = self._moment(row, "date")
        if dated is None and _is_said(self._cell(row, "date")):
            return None, None
        dated = dated or Moment(self.day)
        self.day = begins.day or dated.day
        clock = begins.clock if begins.clock is not None else dated.clock
        starts = begins.instant or dated.instant or self._instant(self.day, clock)
        if starts is None:
            return None, None
        if begins.minutes is not None:
            return starts, wall_shift(starts, timedelta(minutes=begins.minutes), self.frame.zone)
        return starts, self._end(row, starts)

    def _end(self, row: Row, starts: datetime) -> datetime | None:
        if not _is_said(self._cell(row, "ends")):
            return self._after(row, starts)
        when = self._moment(row, "ends")
        if not when or not when.has_time:
            self._unread(row, "end", self._cell(row, "ends"))
            return None
        day = when.day or (self._moment(row, "end_date") or Moment()).day
        if when.instant or day or when.clock is None:
            return when.instant or self._instant(day, when.clock)
        return wall_end(starts, when.clock, self.frame.zone)

    def _after(self, row: Row, starts: datetime) -> datetime | None:
        """Give the end that follows from a duration, if there is one."""
        cell = self._cell(row, "length")
        if not _is_said(cell):
            return None
        length = read_length(cell)
        if length is None:
            self._unread(row, "duration", cell)
            return None
        return starts + length

    def _unread(self, row: Row, what: str, cell: Any) -> None:
        words = f"The {what} {shown(cell)} cannot be read: the end is taken as unknown."
        self.found.skip(row.where, Reason.END_NOT_READ, words, cell)

    def _instant(self, day: date | None, clock: time | None) -> datetime | None:
        return self.frame.instant(day, clock) if day and clock is not None else None

    def _place(self, row: Row) -> tuple[str, str]:
        room, site = self._text(row, "room"), self._text(row, "site")
        if room:
            return self.places.named(room, site) if site else self.places.of_room(room)
        room, its_site = self.places.of_location(self._text(row, "location"))
        return room, site or its_site

    def _descriptions(self, row: Row) -> dict[str, Any]:
        return {
            column.partition(".")[2]: self._cell(row, column)
            for column in self.columns
            if column.startswith("description.")
        }

    def _moment(self, row: Row, column: str) -> Moment | None:
        return read_moment(self._cell(row, column), self.frame)

    def _text(self, row: Row, column: str) -> str:
        cell = self._cell(row, column)
        return one_line(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)

    def _cell(self, row: Row, column: str) -> Any:
        position = self.columns.get(column)
        cell = row.cells[position] if position is not None and position < len(row.cells) else None
        return unguarded(cell) if isinstance(cell, str) else cell


def _is_filled(cell: Any) -> bool:
    return bool(one_line(cell)) or isinstance(cell, date | time | timedelta)


def _is_said(cell: Any) -> bool:
    return cell is not None and not (isinstance(cell, str) and one_line(cell).casefold() in _UNKNOWN)
