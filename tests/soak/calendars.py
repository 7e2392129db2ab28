"""One client that makes calendars for an hour of the app's clock, up to the cap and beyond."""

import os
import tempfile
from datetime import datetime, timedelta

from starlette.testclient import TestClient

from copapp import clock, settings
from copapp.api import create_api
from copapp.api.stored import forget
from copapp.database import hang_up, migrate, writing
from copapp.interop.conference_folder import read_folder
from copapp.services import calendar_room
from copapp.services.calendar_room import MOST_CALENDARS
from copapp.services.seed import seed
from tests.calendar_floods import WINDOWS, flood_with_calendars

BEGINS = datetime.fromisoformat("2024-02-12T10:00:00+05:00")
BYTES_OF_AN_ENTRY = 250
LARGEST_LOG = 20_000_000


def calendars(each_window: int) -> list[str]:
    """Make so many in each ten minutes of an hour; nothing grows beyond what the cap allows."""
    calendar_room.MOST_OF_A_NETWORK = 10**9  # one client stands for those of many networks
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"COPAPP_DATABASE_URL": f"sqlite:///{folder}/copapp.db", "COPAPP_SITES": folder}
        _begin(0)
        migrate()
        source = read_folder(settings.DATA / "cop14")
        with writing() as db:
            seed(db, source, BEGINS)
        with TestClient(create_api()) as line:
            found = flood_with_calendars(line, [each.slug for each in source.events], each_window, _begin)
        hang_up()
    print(f"{each_window * WINDOWS:,} calendars were asked for: {dict(found.answers)}, ", end="")
    print(f"{found.calendars:,} are kept, and the database grew by {found.grown / 1e6:.1f} MB.")
    allowed = MOST_CALENDARS * len(source.events) * BYTES_OF_AN_ENTRY + LARGEST_LOG
    wrong = {
        f"{found.calendars} calendars are kept": found.calendars > MOST_CALENDARS,
        f"{found.entries} entries are kept": found.entries > found.calendars * len(source.events),
        f"the database grew by {found.grown} bytes": found.grown > allowed,
        "the cap was not reached": not found.answers[503],
    }
    return [words for words, is_wrong in wrong.items() if is_wrong]


def _begin(window: int) -> None:
    os.environ["COPAPP_NOW"] = (BEGINS + timedelta(minutes=11) * window).isoformat()
    settings.settings.cache_clear()
    clock.clock.cache_clear()
    forget()
