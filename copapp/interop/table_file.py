"""Rows of texts as CSV and as Excel: safe to open in a spreadsheet, and the same bytes each time."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter

from copapp.interop.formula_guard import guarded

Rows = Iterable[Sequence[str]]
TableKind = Literal["csv", "xlsx"]

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTHS = (9, 60)
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def table_file(kind: TableKind, title: str, rows: Rows) -> bytes:
    """Write rows, the first of which are headings, as a file of that kind."""
    return csv_table(rows) if kind == "csv" else xlsx_table(title, rows)


def csv_table(rows: Rows) -> bytes:
    """Write CSV (RFC 4180) in UTF-8 with a mark, by which Excel knows it."""
    file = StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows([_cell(text) for text in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def xlsx_table(title: str, rows: Rows, notes: Rows = ()) -> bytes:
    """Write a workbook: a sheet of that title, whose first row is its heading, and one for `notes`."""
    book = Workbook(write_only=True)
    _sheet(book, title, [list(row) for row in rows])
    if notes:
        _sheet(book, "Notes", [list(row) for row in notes])
    file = BytesIO()
    book.save(file)
    return _timeless(file.getvalue())


def _cell(text: str) -> str:
    return guarded(_FORBIDDEN.sub("", text))


def _sheet(book: Workbook, title: str, rows: list[list[str]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, column in enumerate(zip(*rows, strict=True), start=1):
        longest = max(len(text) for text in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(
            max(longest + 2, _WIDTHS[0]), _WIDTHS[1]
        )
    heading, plain = _style(sheet, is_bold=True), _style(sheet, is_bold=False)
    for number, row in enumerate(rows):
        sheet.append([_styled(sheet, text, plain if number else heading) for text in row])


def _style(sheet: object, *, is_bold: bool) -> StyleArray:
    cell = WriteOnlyCell(sheet)
    cell.font = Font(bold=is_bold)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell._style  # noqa: SLF001 - to look it up again for each cell takes most of the time


def _styled(sheet: object, text: str, style: StyleArray) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=_cell(text))
    cell._style = style  # noqa: SLF001 - see _style
    return cell


def _timeless(content: bytes) -> bytes:
    """Take the time of writing out of a workbook, so that the same rows are the same bytes."""
    file = BytesIO()
    with ZipFile(BytesIO(content)) as given, ZipFile(file, "w", ZIP_DEFLATED) as made:
        for part in given.infolist():
            info = ZipInfo(part.filename, _LONG_AGO)
            info.compress_type = ZIP_DEFLATED
            made.writestr(info, _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", given.read(part)))
    return file.getvalue()
