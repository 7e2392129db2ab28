"""An Excel workbook (.xlsx), as rows of a table: values only, the first sheet that holds a programme."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from copapp.domain.imported import Fault, Imported, ProgrammeFileError
from copapp.interop.readers import limits
from copapp.interop.readers.frame import Frame
from copapp.interop.readers.table import ROWS, WIDTH, Row, read_rows

_PARTS = 500
_SHEETS = 10
_TAGS, _OTHER_TAGS = 400_000, 20_000
# Cells and their texts are read one by one; whatever else a workbook holds is held in memory whole.
_LARGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>)?\s*<(?:\w{1,20}:)?(?:worksheet|sst)[\s>]")


def read_xlsx(content: bytes, frame: Frame) -> Imported | None:
    """Read a workbook; None if no sheet has a heading that is known."""
    _check(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets[:_SHEETS]:
            found = read_rows(_rows(sheet), frame, "excel")
            if found:
                return found
    except ProgrammeFileError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part leads it to
        raise ProgrammeFileError(Fault.BROKEN, "The workbook is damaged and cannot be read.") from error
    return None


def _rows(sheet: Any) -> Iterator[Row]:
    # What a sheet says of its own size may be wrong, or meant to hurt.
    sheet.reset_dimensions()
    for number, cells in enumerate(
        sheet.iter_rows(max_col=WIDTH, max_row=ROWS + 1, values_only=True), start=1
    ):
        yield Row(f"{sheet.title}, row {number}", list(cells))


def _check(content: bytes) -> None:
    """Refuse what would unpack to far more than a programme needs, before anything is unpacked."""
    try:
        with ZipFile(BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > limits.UNPACKED_BYTES:
                raise ProgrammeFileError(
                    Fault.TOO_LARGE, "The workbook unpacks to far more than a programme."
                )
            limits.refuse_many("parts", len(parts.infolist()), _PARTS)
            _check_tags(parts)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        if isinstance(error, ProgrammeFileError):
            raise
        raise ProgrammeFileError(
            Fault.BROKEN, "The workbook is damaged or locked and cannot be read."
        ) from error


def _check_tags(parts: ZipFile) -> None:
    for part in parts.infolist():
        if part.filename.endswith((".xml", ".rels")):
            content = parts.read(part)
            limits.refuse_many("cells", content.count(b"<"), _TAGS if _LARGE.match(content) else _OTHER_TAGS)
