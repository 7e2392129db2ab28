"""The programme as a file in each format that others read: what writes it, by the file's name."""

from collections.abc import Callable
from typing import Any

from copapp.interop.icalendar import calendar
from copapp.interop.programme_table import programme_csv, programme_xlsx
from copapp.interop.schedule_json import schedule_json
from copapp.interop.schedule_xml import schedule_xml

# From a release (the public shape) and the app's own address, "" where it is not known.
WRITERS: dict[str, Callable[[dict[str, Any], str], bytes]] = {
    "programme.ics": lambda programme, public_url: calendar(programme, public_url) or b"",
    "schedule.xml": schedule_xml,
    "schedule.json": schedule_json,
    "programme.csv": lambda programme, _: programme_csv(programme),
    "programme.xlsx": lambda programme, _: programme_xlsx(programme),
}
