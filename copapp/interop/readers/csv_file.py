"""CSV of any delimiter, as rows of a table."""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from copapp.domain.imported import Fault, Imported, ProgrammeFileError
from copapp.interop.readers import limits
from copapp.interop.readers.columns import read_columns
from copapp.interop.readers.frame import Frame
from copapp.interop.readers.plain_text import one_line
from copapp.interop.readers.table import HEADING_WITHIN, WIDTH, Row, read_rows

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = _MOST_COLUMNS = 20_000


def read_csv(text: str, frame: Frame) -> Imported | None:
    """Read a table; None if no heading is found with any delimiter."""
    delimiter = max(_DELIMITERS, key=lambda each: _columns(text, each))
    if not _columns(text, delimiter):
        return None
    try:
        return read_rows(_rows(text, delimiter), frame, "table")
    except csv.Error as error:
        raise ProgrammeFileError(Fault.BROKEN, f"The table cannot be read: {error}.") from error


def _columns(text: str, delimiter: str) -> int:
    """Count the known columns of the heading that this delimiter gives."""
    try:
        first = [row.cells for row in islice(_rows(text[:_SAMPLE], delimiter), HEADING_WITHIN)]
    except csv.Error:
        return 0
    return max((len(read_columns([one_line(cell) for cell in cells]) or ()) for cells in first), default=0)


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(_lines(text, delimiter), delimiter=delimiter)
    for cells in reader:
        yield Row(f"line {reader.line_num}", cells[:WIDTH])


def _lines(text: str, delimiter: str) -> Iterator[str]:
    for line in StringIO(text, newline=""):
        limits.refuse_many("columns", line.count(delimiter), _MOST_COLUMNS)
        yield line
