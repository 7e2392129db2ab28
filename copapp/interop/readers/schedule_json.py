"""schedule.json of the c3voc family, in both shapes: days with rooms, and the newer flat list."""

import json
from collections.abc import Mapping
from typing import Any

from copapp.domain.imported import Fault, Imported, ProgrammeFileError, Reason
from copapp.interop.readers import limits
from copapp.interop.readers.frame import Frame
from copapp.interop.readers.plain_text import one_line, shown
from copapp.interop.readers.schedule import ScheduleEvents, read_date

_VALUES = 300_000


def read_schedule_json(text: str, frame: Frame) -> Imported | None:
    """Read a schedule; None if the JSON is something else."""
    limits.refuse_many("values", text.count("{") + text.count("["), _VALUES)
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ProgrammeFileError(Fault.BROKEN, f"The JSON is broken: {error}.") from error
    schedule = _object(_object(document).get("schedule")) or _object(document)
    conference = _object(schedule.get("conference"))
    days = conference.get("days", schedule.get("days"))
    flat = schedule.get("events", conference.get("events"))
    if not isinstance(days, list) and not isinstance(flat, list):
        return None
    return _Schedule(frame, conference).read(days, flat)


class _Schedule:
    """Reads both shapes; a file may hold either."""

    def __init__(self, frame: Frame, conference: Mapping[str, Any]) -> None:
        self.events = ScheduleEvents("schedule.json", frame)
        self.events.use_zone(conference.get("time_zone_name"))
        rooms = conference.get("rooms")
        self.rooms = {
            one_line(room.get("guid")): room.get("name")
            for room in (rooms if isinstance(rooms, list) else [])
            if isinstance(room, Mapping)
        }

    def read(self, days: Any, flat: Any) -> Imported:
        for number, day in enumerate(days if isinstance(days, list) else [], start=1):
            self._day(_object(day), number)
        for number, event in enumerate(flat if isinstance(flat, list) else [], start=1):
            self.events.read(self._with_room(event), f"item {number}")
        return self.events.found.imported()

    def _day(self, day: Mapping[str, Any], number: int) -> None:
        rooms = day.get("rooms", {})
        if not isinstance(rooms, Mapping):
            words = f"The rooms of the day are {shown(rooms)}, not a list by name."
            self.events.found.skip(f"day {number}", Reason.NOT_READABLE, words, rooms)
            return
        for room, events in rooms.items():
            if not isinstance(events, list):
                words = f"The room {shown(room)} holds {shown(events)}, not a list of events."
                self.events.found.skip(f"day {number}", Reason.NOT_READABLE, words, room)
                continue
            for item, event in enumerate(events, start=1):
                self.events.read(
                    event, f"day {number}, {room}, item {item}", read_date(day.get("date")), room
                )

    def _with_room(self, event: Any) -> Any:
        """Name the room of an event that gives only the room's GUID."""
        room = _object(_object(event).get("room"))
        if not room or room.get("name"):
            return event
        return {**event, "room": self.rooms.get(one_line(room.get("guid")), "")}


def _object(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}
