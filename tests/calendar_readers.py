"""Five independent readers of calendar files, three in Python and two in one Node that all tests share."""

import atexit
import json
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import icalendar
import vobject
from ical.calendar_stream import IcsCalendarStream

WEB = Path(__file__).parents[1] / ".web"

# uid -> start, end or None, SEQUENCE, STATUS; instants in UTC
Read = dict[str, tuple[datetime, datetime | None, int, str]]


def expected(programme: dict[str, Any]) -> Read:
    """Say what a reader should find of a programme in its public shape."""
    return {
        event["uid"]: (
            datetime.fromisoformat(event["starts"]).astimezone(UTC),
            datetime.fromisoformat(event["ends"]).astimezone(UTC) if event["ends"] else None,
            event["sequence"],
            event["status"].upper(),
        )
        for event in programme["events"]
    }


def events_of(body: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(body).walk("VEVENT"))


def read_by_icalendar(body: bytes) -> Read:
    return {
        str(event["UID"]): (
            event["DTSTART"].dt.astimezone(UTC),
            event["DTEND"].dt.astimezone(UTC) if "DTEND" in event else None,
            int(event["SEQUENCE"]),
            str(event["STATUS"]),
        )
        for event in events_of(body)
    }


def read_by_ical(body: bytes) -> Read:
    read: Any = IcsCalendarStream.calendar_from_ics(body.decode())
    return {
        event.uid: (
            event.dtstart.astimezone(UTC),
            event.dtend.astimezone(UTC) if event.dtend else None,
            event.sequence or 0,
            str(event.status.value) if event.status else "",
        )
        for event in read.events
    }


def read_by_vobject(body: bytes) -> Read:
    return {
        event.uid.value: (
            event.dtstart.value.astimezone(UTC),
            event.dtend.value.astimezone(UTC) if hasattr(event, "dtend") else None,
            int(event.sequence.value),
            event.status.value,
        )
        for event in vobject.readOne(body.decode()).vevent_list
    }


# A line of JSON in (which reader, the file), a line of JSON out. Without DTEND an event ends when it starts
# (RFC 5545, 3.6.1): node-ical says so with an end of its own.
_IN_NODE = """
import ICAL from "ical.js";
import { createInterface } from "node:readline";
import { sync } from "node-ical";
const readers = {
  "ical.js": (body) => {
    const root = new ICAL.Component(ICAL.parse(body));
    ICAL.TimezoneService.reset();
    for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
    return root.getAllSubcomponents("vevent").map((given) => {
      const event = new ICAL.Event(given);
      const has = given.getFirstProperty("dtend");
      return [event.uid, event.startDate.toJSDate(), has && event.endDate.toJSDate(), event.sequence,
        given.getFirstPropertyValue("status")];
    });
  },
  "node-ical": (body) => {
    const found = Object.values(sync.parseICS(body)).filter(({ type }) => type === "VEVENT");
    return found.map(({ uid, start, end, sequence, status }) =>
      [uid, start, Number(end) === Number(start) ? null : end, Number(sequence), status]);
  },
};
for await (const line of createInterface({ input: process.stdin })) {
  const [reader, body] = JSON.parse(line);
  console.log(JSON.stringify(readers[reader](body)));
}
"""


@cache
def _node() -> subprocess.Popen[str]:
    """Start the environment's own Node in a zone that is nobody's here; it ends with the tests."""
    running = subprocess.Popen(
        [Path(sys.executable).with_name("node"), "--input-type=module", "--eval", _IN_NODE],
        cwd=WEB,
        env={"TZ": "America/New_York"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    atexit.register(running.communicate)
    return running


def _read_in_node(reader: str, body: bytes) -> Read:
    node = _node()
    assert node.stdin
    assert node.stdout
    print(json.dumps([reader, body.decode()]), file=node.stdin, flush=True)
    found = json.loads(node.stdout.readline())
    assert len({uid for uid, *_ in found}) == len(found)
    return {
        uid: (
            datetime.fromisoformat(starts).astimezone(UTC),
            datetime.fromisoformat(ends).astimezone(UTC) if ends else None,
            sequence,
            status,
        )
        for uid, starts, ends, sequence, status in found
    }


def read_by_ical_js(body: bytes) -> Read:
    return _read_in_node("ical.js", body)


def read_by_node_ical(body: bytes) -> Read:
    return _read_in_node("node-ical", body)


READERS = [read_by_icalendar, read_by_ical, read_by_vobject, read_by_ical_js, read_by_node_ical]
