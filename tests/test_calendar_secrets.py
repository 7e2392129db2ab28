"""What no calendar may hold, and where the address of one may not be found."""

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from copapp import logs
from copapp.database import reading, writing
from copapp.interop.personal_calendar import Wishes
from copapp.models import MeetingRequest, PersonalCalendar, StaffCalendar, StaffMember, StaffRole
from copapp.services import meetings, staff_calendars
from tests.askers import new_request, send
from tests.conftest import Environment
from tests.meeting_requests import TEN, add_member, terms

DOOR = "/api/v1/calendars"
LATER = datetime(2024, 2, 12, 8, 0, tzinfo=UTC)
CATS = "cats-of-the-silk-road"
PUBLIC_FILES = [
    "/api/v1/programme.ics",
    f"/api/v1/events/{CATS}.ics",
    "/api/v1/rooms/ferghana.ics",
    "/api/v1/sites/expo-centre.ics",
    "/api/v1/days/2024-02-13.ics",
]
# Whatever somebody writes of themselves, or we of them.
CANARIES = {
    "name": "Canaria Serin",
    "organisation": "Aviary of the Isles",
    "email": "serin@canary.example",
    "reason": "Ring +34 928 123 456, or come to the aviary",
}
OUR_WORDS = "The lady of the yellow birds"
TRACES = [
    "canar",
    "serin",
    "aviary",
    "34 928",
    "123 456",
    "yellow",
    "altyndala.example",
    "ATTENDEE",
    "mailto:",
]


def ask(line: TestClient, name: str, **given: Any) -> str:
    answer = send(line, new_request(name, **given))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


@pytest.fixture
def files(line: TestClient, environment: Environment) -> dict[str, str]:
    """Every kind of calendar, in a house where strangers were met, refused, and are waited for."""
    environment(PUBLIC_URL="https://cop.example")
    with writing() as db:
        me = add_member(db, "aigul", covers=(CATS,))
        me.role = StaffRole.COORDINATOR
        add_member(db, "bolat", covers=(CATS,)).email = "serin.bolat@canary.example"
    mine = ask(line, "Dana", slot=(TEN + timedelta(hours=3)).isoformat())
    for hours in range(3):
        ask(line, **CANARIES, slot=(TEN + timedelta(hours=hours)).isoformat(), whom="aigul")
    with writing() as db:
        me = db.exec(select(StaffMember).where(StaffMember.slug == "aigul")).one()
        agreed, called_off, _ = db.exec(
            select(MeetingRequest.id).where(MeetingRequest.name == CANARIES["name"])
        ).all()
        meetings.accept(db, agreed or 0, me, terms(me, TEN), LATER)
        meetings.accept(db, called_off or 0, me, terms(me, TEN + timedelta(hours=1)), LATER)
        meetings.cancel(db, called_off or 0, me, LATER, OUR_WORDS)
        staff = [
            staff_calendars.make_staff_calendar(db, me, Wishes("en", 15), LATER, of_team=of_team)
            for of_team in (False, True)
        ]
    slugs = [each["slug"] for each in line.get("/api/v1/programme").json()["events"]]
    given = {"bookmarks": slugs, "meetings": [mine], "alarm": 15}
    phone = line.post(DOOR, json=given, headers={"idempotency-key": "a-phone-made-this"}).json()["token"]
    found = {
        path: line.get(path) for path in [*PUBLIC_FILES, *(f"{DOOR}/{each}.ics" for each in (phone, *staff))]
    }
    assert {each.status_code for each in found.values()} == {200}
    return {path: answer.content.replace(b"\r\n ", b"").decode() for path, answer in found.items()}


def test_no_calendar_holds_a_trace_of_somebody_else(files: dict[str, str]) -> None:
    met = [len(re.findall("SUMMARY:.*Meeting", body)) for body in files.values()]
    found = [(path, each) for path, body in files.items() for each in TRACES if each.lower() in body.lower()]

    assert met == [0, 0, 0, 0, 0, 1, 3, 3]
    assert found == []


def test_an_address_cannot_be_guessed_or_listed(line: TestClient, files: dict[str, str]) -> None:
    secrets = [path.removeprefix(f"{DOOR}/").removesuffix(".ics") for path in files if path.startswith(DOOR)]

    # 32 of 32 signs are 160 bits of chance: at a thousand guesses a second, not in the age of the world.
    assert [bool(re.fullmatch(r"[a-z2-7]{32}", each)) for each in secrets] == [True] * 3
    for each in secrets:
        near = ("b" if each[0] == "a" else "a") + each[1:]
        assert line.get(f"{DOOR}/{near}.ics").status_code == 404
    assert [line.get(path).status_code for path in (DOOR, f"{DOOR}/", f"{DOOR}/.ics")] == [405, 405, 404]
    with reading() as db:
        kept = [*db.exec(select(PersonalCalendar)).all(), *db.exec(select(StaffCalendar)).all()]
        assert len(kept) == 3
        assert not any(each in str([row.model_dump() for row in kept]) for each in secrets)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """All that this process writes, at its most talkative, masked as it is when served."""
    before = logging.getLogRecordFactory()
    logs.mask_logs()
    caplog.set_level(logging.DEBUG)
    yield caplog
    logging.setLogRecordFactory(before)


def test_an_address_is_in_no_log_however_it_is_used(
    files: dict[str, str], line: TestClient, log: pytest.LogCaptureFixture
) -> None:
    """A client that logs what it asks stands for every library that does."""
    addresses = [path.removesuffix(".ics") for path in files if path.startswith(DOOR)]
    log.clear()

    for each in addresses:
        line.get(f"{each}.ics")
        line.put(each, json={"add": 7})
        line.delete(f"{each}/x")

    assert log.text.count(f"{DOOR}/…") == len(addresses) * 3
    assert not any(each.removeprefix(f"{DOOR}/") in log.text for each in addresses)
