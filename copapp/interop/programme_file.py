"""A programme's file to domain values: the one door to the readers, which finds the format itself."""

import re

from copapp.domain.imported import Fault, Imported, ProgrammeFileError
from copapp.interop.readers import limits
from copapp.interop.readers.calendar_file import read_calendar
from copapp.interop.readers.csv_file import read_csv
from copapp.interop.readers.decoding import decode
from copapp.interop.readers.frame import Frame
from copapp.interop.readers.html_text import html_lines
from copapp.interop.readers.page import read_page
from copapp.interop.readers.schedule_json import read_schedule_json
from copapp.interop.readers.schedule_xml import read_schedule_xml
from copapp.interop.readers.xlsx_file import read_xlsx

__all__ = ["Frame", "read"]

_ZIP, _OLD_EXCEL, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
_HTML = re.compile(r"<(?:html|body|div|p|br|ul|li|h[1-6])[\s/>]", re.IGNORECASE)
_XML = re.compile(r"<(?:\w+:)?schedule[\s/>]")
_CALENDAR = "BEGIN:VCALENDAR"
_SAMPLE = 50_000
_KNOWN = "the organisation's page (text or HTML), CSV, Excel (.xlsx), iCalendar, schedule.xml, schedule.json"


def read(content: bytes, frame: Frame) -> Imported:
    """Read a file, whatever its name. Raises ProgrammeFileError where nothing can be made of it."""
    if len(content) > limits.BYTES:
        most = limits.BYTES // 1_000_000
        raise ProgrammeFileError(Fault.TOO_LARGE, f"The file is larger than {most} MB.")
    try:
        found = read_xlsx(content, frame) if content.startswith(_ZIP) else _read_text(content, frame)
    except RecursionError as error:
        raise ProgrammeFileError(Fault.TOO_DEEP, "The file is nested too deeply.") from error
    if found is None:
        raise ProgrammeFileError(Fault.UNKNOWN_FORMAT, f"It is none of the formats that are read: {_KNOWN}.")
    if not (found.events or found.skipped):
        raise ProgrammeFileError(Fault.NO_EVENTS, "The file holds no event.")
    return found


def _read_text(content: bytes, frame: Frame) -> Imported | None:
    if content.startswith(_OLD_EXCEL):
        words = "This is an old or locked Excel file: save it as .xlsx, without a password."
        raise ProgrammeFileError(Fault.OLD_EXCEL, words)
    if content.startswith(_PDF):
        raise ProgrammeFileError(Fault.UNKNOWN_FORMAT, f"This is a PDF; what can be read is {_KNOWN}.")
    text = decode(content).strip()
    if not text:
        raise ProgrammeFileError(Fault.EMPTY, "The file is empty.")
    if text[: len(_CALENDAR)].upper() == _CALENDAR:
        return read_calendar(text, frame)
    if text.startswith(("{", "[")):
        return read_schedule_json(text, frame)
    found = None
    if text.startswith("<") and _XML.search(text, 0, _SAMPLE):
        found = read_schedule_xml(text, frame)
    return found or _read_written(text, frame)


def _read_written(text: str, frame: Frame) -> Imported | None:
    """Read what a person may have written: a table, a page's HTML, a page's text."""
    found = None if text.startswith("<") else read_csv(text, frame)
    if not found and _HTML.search(text, 0, _SAMPLE):
        return read_page(html_lines(text), frame, is_html=True)
    return found or read_page(text, frame)
