"""What many ask for at once is made once, and is never older than a second."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event, update
from sqlmodel import Session, col
from starlette.testclient import TestClient

from copapp import database
from copapp.api import create_api, shared, slots
from copapp.api.links import KnownLinks
from copapp.api.stored import stored
from copapp.database import engine
from copapp.domain.source import SourceProgramme
from copapp.models import Coverage, Event, StaffRole
from copapp.presenters.conference_form import conference_fields, read_fields
from copapp.services import answers, erasure, meetings, release, staff, team
from copapp.services.conference import change_conference
from copapp.services.slots import the_conference
from copapp.services.tokens import request_token
from tests.askers import new_request, send
from tests.conftest import Environment, every_database
from tests.meeting_requests import MONDAY, TEN, Staffed, asked, minutes, staffed, terms

SLOTS = "/api/v1/slots"
ASKERS = 200


@contextmanager
def statements(naming: str) -> Iterator[list[str]]:
    """Collect the statements that reach the database and name a table."""
    found: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if naming in statement:
            found.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine(), "before_cursor_execute", note)


def ask_at_once(line: TestClient, path: str, number: int) -> list[httpx.Response]:
    async def ask_all() -> list[httpx.Response]:
        carrier = httpx.ASGITransport(line.app)
        async with httpx.AsyncClient(transport=carrier, base_url="http://cop.example") as client:
            return await asyncio.gather(*(client.get(path) for _ in range(number)))

    assert line.portal is not None
    return line.portal.call(ask_all)


def a_second_later() -> None:
    slots._offered._since = float("-inf")


def test_slots_are_computed_once_for_all_who_ask(line: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 phones that installed at once had each its own computed, and requests waited half a minute."""
    monkeypatch.setattr(shared, "_LASTS_SECONDS", 3600.0)

    with statements("availability") as computed:
        answers = ask_at_once(line, SLOTS, ASKERS)
        a_second_later()
        answers += ask_at_once(line, SLOTS, ASKERS)

    assert {(each.status_code, each.content) for each in answers} == {(200, answers[0].content)}
    assert len(computed) == 1


def test_the_database_is_asked_once_a_second_whoever_asks(
    line: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "_LASTS_SECONDS", 3600.0)

    with statements("tombstone") as looked:
        ask_at_once(line, SLOTS, ASKERS)
        ask_at_once(line, SLOTS, ASKERS)
        within_the_second = len(looked)
        a_second_later()
        ask_at_once(line, SLOTS, ASKERS)

    assert (within_the_second, len(looked)) == (1, 2)


def test_who_knows_the_slots_is_told_so(line: TestClient) -> None:
    first = line.get(SLOTS)
    known = {"if-none-match": first.headers["etag"]}

    with statements("availability") as computed:
        found = line.get(SLOTS, headers=known)

    assert (found.status_code, found.content, computed) == (304, b"", [])
    assert first.headers["content-encoding"] == "br"
    assert line.get(SLOTS, headers={"accept-encoding": "identity"}).json() == first.json()
    assert line.head(SLOTS).headers["etag"] == first.headers["etag"]


def test_front_door_answers_what_the_api_does(line: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "_LASTS_SECONDS", 3600)  # however long this machine takes to make them
    assert slots.slots_at_hand(b"gzip", b"") is None
    with line.stream("GET", SLOTS, headers={"accept-encoding": "gzip"}) as answer:
        body = b"".join(answer.iter_raw())

    found = slots.slots_at_hand(b"gzip", b"")

    assert found is not None
    status, headers, held = found
    told = {name.decode(): value.decode() for name, value in headers}
    assert (status, held) == (200, body)
    assert told | {"content-length": str(len(body))} == dict(answer.headers)


@dataclass
class Desk:
    """A staffed conference with an agreed meeting, and who coordinates it."""

    house: Staffed
    number: int
    token: str

    @property
    def db(self) -> Session:
        """The open database."""
        return self.house.db


@pytest.fixture
def desk(db: Session, cop14: SourceProgramme) -> Desk:
    house = staffed(db, cop14)
    house.bolat.role = StaffRole.COORDINATOR
    db.add(Coverage(member_id=house.aigul.id or 0, event="saiga-recovery"))
    request = asked(db)
    meetings.accept(db, request.id or 0, house.aigul, terms(house.aigul), MONDAY)
    return Desk(house, request.id or 0, request_token(db, request))


def _settings(desk: Desk) -> None:
    about = the_conference(desk.db)
    values = read_fields(asdict(conference_fields(about)) | {"meeting_minutes": "60"}, about.about)
    change_conference(desk.db, desk.house.bolat, about.version, values, 0, MONDAY)


def _release(desk: Desk) -> None:
    about = the_conference(desk.db)
    desk.db.exec(update(Event).where(col(Event.slug) == "saiga-recovery").values(starts=TEN))
    release.publish(desk.db, about, MONDAY)


def _disabled(desk: Desk) -> None:
    staff.disable_member(desk.db, desk.house.bolat, desk.house.aigul, MONDAY)


def _hours(desk: Desk) -> None:
    wednesday = TEN.date() + timedelta(days=1)
    team.add_hours(
        desk.db, desk.house.aigul, desk.house.aigul.id or 0, wednesday, (time(9), time(10)), MONDAY
    )


def _fewer_hours(desk: Desk) -> None:
    for each in team.availability(desk.db, desk.house.aigul.id or 0):
        team.remove_hours(desk.db, desk.house.aigul, each.id or 0, MONDAY)


def _practice(desk: Desk) -> None:
    member = desk.house.aigul
    team.set_practice(desk.db, member, member.id or 0, MONDAY, slot_minutes=60, buffer_minutes=0)


def _hidden(desk: Desk) -> None:
    team.set_shown(desk.db, desk.house.aigul, MONDAY, is_shown=False, job_title="", languages=[])


def _covers(desk: Desk) -> None:
    member = desk.house.aigul
    team.set_covered(desk.db, member, member.id or 0, "asiatic-wild-ass", MONDAY, is_covered=True)


def _called_off(desk: Desk) -> None:
    answers.cancel_by_delegate(desk.db, desk.token, MONDAY)


def _erased(desk: Desk) -> None:
    erasure.erase(desk.db, desk.token, MONDAY)


CHANGES: dict[str, Callable[[Desk], object]] = {
    "hours": _hours,
    "hours taken back": _fewer_hours,
    "practice": _practice,
    "somebody hides": _hidden,
    "somebody covers an event": _covers,
    "somebody may no longer sign in": _disabled,
    "a meeting is called off": _called_off,
    "a request is erased": _erased,
    "settings": _settings,
    "a release": _release,
}


@every_database
@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_the_slots_is_seen(change: str, desk: Desk) -> None:
    before = slots._renewed(desk.db, None, MONDAY)

    CHANGES[change](desk)
    desk.db.flush()

    after, fresh = (slots._renewed(desk.db, each, MONDAY) for each in (before, None))
    assert after.bodies[b"identity"] == fresh.bodies[b"identity"]
    assert after.etag != before.etag


def test_slot_that_begins_is_gone_with_its_minute(desk: Desk) -> None:
    before = slots._renewed(desk.db, None, TEN - minutes(1))

    after = slots._renewed(desk.db, before, TEN)

    assert after.etag != before.etag


def take_the_database_away() -> None:
    engine().dispose()
    file = Path(engine().url.database or "")
    file.rename(file.with_suffix(".away"))
    file.mkdir()


def test_slots_outlive_the_database(line: TestClient) -> None:
    before = line.get(SLOTS)
    take_the_database_away()
    a_second_later()

    after = line.get(SLOTS)

    assert (after.status_code, after.content) == (200, before.content)


def test_slots_that_nobody_asked_for_need_the_database(line: TestClient) -> None:
    take_the_database_away()

    found = line.get(SLOTS)

    assert (found.status_code, found.json()["code"], found.headers["retry-after"]) == (503, "busy", "2")


def test_slots_of_no_conference_are_a_problem(environment: Environment, tables: None) -> None:
    with TestClient(create_api()) as client:
        found = client.get(SLOTS)

    assert (found.status_code, found.json()["code"]) == (503, "empty")


def test_readiness_is_looked_at_once_for_all_who_ask(
    line: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """100 askers at once, each reading Alembic's files, kept requests waiting for 2.9 seconds."""
    monkeypatch.setattr(shared, "_LASTS_SECONDS", 3600.0)

    with statements("alembic_version") as looked:
        answers = ask_at_once(line, "/readyz", ASKERS)

    assert {each.status_code for each in answers} == {200}
    assert len(looked) == len(ask_for_the_revision())


def ask_for_the_revision() -> list[str]:
    with statements("alembic_version") as asked_for:
        database.current_revision()
    return asked_for


def test_description_is_known_by_its_etag(line: TestClient) -> None:
    first = line.get("/api/v1/openapi.json")

    again = line.get("/api/v1/openapi.json", headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_calendar_file_is_written_once(line: TestClient) -> None:
    slugs = [each["slug"] for each in line.get("/api/v1/programme").json()["events"]]
    key = {"idempotency-key": "a-phone-made-this"}
    token = line.post("/api/v1/calendars", json={"bookmarks": slugs}, headers=key).json()["token"]
    path = f"/api/v1/calendars/{token}.ics"
    first = line.get(path)
    held = stored()
    assert held is not None
    [of] = held.followed
    held.followed[of] = b"what is held"

    assert (line.get(path).content, line.get(path).headers["etag"]) == (
        b"what is held",
        first.headers["etag"],
    )


def test_calendars_that_are_held_are_bounded(line: TestClient) -> None:
    line.get("/api/v1/programme")
    held = stored()
    assert held is not None

    for number in range(40):
        held.keep_calendar(bytes([number]), "", bytes(1_000_000))

    assert sum(map(len, held.followed.values())) <= 16_000_000
    assert bytes([39]) in held.followed


def test_link_is_asked_for_once_and_what_can_be_none_never(line: TestClient) -> None:
    token = send(line, new_request("Dana")).json()["token"]
    links, unknown = KnownLinks(), "a" * 32
    assert line.portal is not None

    with statements("meetingrequest") as asked_for:
        found = [line.portal.call(links.leads_somewhere, each) for each in (token, token, "nothing")]
        once = len(asked_for)
        found += [line.portal.call(links.leads_somewhere, unknown) for _ in range(2)]

    assert found == [True, True, False, False, False]
    assert (once, len(asked_for)) == (1, 3)
