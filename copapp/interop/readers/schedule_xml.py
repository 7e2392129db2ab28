"""schedule.xml of the c3voc family, as EventFahrplan and Giggity read it."""

import re
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from copapp.domain.imported import Fault, Imported, ProgrammeFileError
from copapp.interop.readers import limits
from copapp.interop.readers.frame import Frame
from copapp.interop.readers.plain_text import one_line
from copapp.interop.readers.schedule import ScheduleEvents, read_date

_TAGS = 600_000
_BARE = re.compile(r"&(?!#?\w{1,12};)")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXTS = {
    "title",
    "subtitle",
    "date",
    "start",
    "end",
    "duration",
    "room",
    "language",
    "abstract",
    "description",
}


def read_schedule_xml(text: str, frame: Frame) -> Imported | None:
    """Read a schedule; None if the XML is something else."""
    limits.refuse_many("tags", text.count("<"), _TAGS)
    root = _parsed(text)
    if _tag(root) != "schedule":
        return None
    events = ScheduleEvents("schedule.xml", frame)
    events.use_zone(next((each.text for each in root.iter() if _tag(each) == "time_zone_name"), None))
    for number, day in enumerate(_children(root, "day"), start=1):
        for room in _children(day, "room"):
            for item, event in enumerate(_children(room, "event"), start=1):
                name = one_line(room.get("name"))
                events.read(
                    _fields(event), f"day {number}, {name}, item {item}", read_date(day.get("date")), name
                )
    return events.found.imported()


def _parsed(text: str) -> Any:
    try:
        return fromstring(text)
    except DefusedXmlException as error:
        raise _refused() from error
    except (ParseError, ValueError):
        return _repaired(text)


def _repaired(text: str) -> Any:
    """Parse once more without what writers often get wrong: bare ampersands, and signs that XML forbids."""
    try:
        return fromstring(_BARE.sub("&amp;", _CONTROLS.sub("", text)))
    except DefusedXmlException as error:
        raise _refused() from error
    except (ParseError, ValueError) as error:
        raise ProgrammeFileError(Fault.BROKEN, f"The XML is broken: {error}.") from error


def _refused() -> ProgrammeFileError:
    words = "The XML declares entities, which a programme needs none of."
    return ProgrammeFileError(Fault.ENTITIES, words)


def _fields(event: Any) -> dict[str, Any]:
    """Give an event's texts by name; of several with one name the first."""
    fields: dict[str, Any] = {name: event.get(name) for name in ("id", "guid", "code")}
    for child in event:
        if _tag(child) in _TEXTS:
            fields.setdefault(_tag(child), "".join(child.itertext()))
    return fields


def _children(parent: Any, name: str) -> list[Any]:
    return [child for child in parent if _tag(child) == name]


def _tag(element: Any) -> str:
    """Give a tag without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
