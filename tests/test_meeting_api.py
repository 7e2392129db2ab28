"""The doors of the meeting requests hold against what is wrong: it is named, and nothing is stored."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from copapp.database import reading, writing
from copapp.models import MeetingRequest, StaffMember
from copapp.services import meetings
from tests.askers import REQUESTS, Asked, new_request, send
from tests.conftest import every_database
from tests.meeting_requests import add_member, terms
from tests.tables import row_counts

NOW = datetime(2024, 2, 12, 5, 0, tzinfo=UTC)
KEY = "key-of-this-form"
BODY = dict(new_request("Dana").body)


def post(line: TestClient, body: bytes, key: str = KEY) -> Any:
    return line.post(REQUESTS, content=body, headers={"idempotency-key": key})


def refusal(answer: Any) -> tuple[int, str, list[tuple[str, str]]]:
    """Give status, code and the named fields of an answer that must be a problem document."""
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert (said["status"], said["type"]) == (answer.status_code, "about:blank")
    assert said["title"]
    fields = said.get("errors", [])
    assert all(each["detail"] for each in fields)
    return said["status"], said["code"], [(each["field"], each["code"]) for each in fields]


TEXTS = ("name", "organisation", "email", "reason")


@pytest.mark.parametrize(
    ("field", "given", "code"),
    [
        *((each, None, "type") for each in TEXTS),
        *((each, 7, "type") for each in TEXTS),
        *((each, ["Dana"], "type") for each in TEXTS),
        *((each, {"a": 1}, "type") for each in TEXTS),
        *((each, " \n\t ", "required") for each in TEXTS),
        *((each, "a\0b", "characters") for each in TEXTS),
        *((each, "a\x1b[2Jb", "characters") for each in TEXTS),
        *((each, "a\u202eb", "characters") for each in TEXTS),
        ("name", "D" * 121, "too_long"),
        ("organisation", "M" * 161, "too_long"),
        ("email", "d" * 240 + "@ministry.example", "too_long"),
        ("reason", "S" * 2001, "too_long"),
        ("name", "Dana\r\nBcc: all@ministry.example", "characters"),
        ("name", "Dana\nBcc: all@ministry.example", "characters"),
        ("organisation", "Ministry\rof Ecology", "characters"),
        ("email", "dana@ministry.example\r\nBcc: all@ministry.example", "characters"),
        ("email", "dana@ministry.example, all@ministry.example", "email"),
        ("email", "Dana <dana@ministry.example>", "email"),
        ("email", "dana", "email"),
        ("email", "dana@localhost", "email"),
        ("event", "no-such-event", "unknown"),
        ("event", 7, "type"),
        ("whom", "nobody", "unknown"),
        ("whom", ["nobody"], "type"),
        ("slot", "2024-02-13T10:07:00+05:00", "unknown"),
        ("slot", "2024-03-13T10:00:00+05:00", "unknown"),
        ("slot", "2024-02-12T09:30:00+05:00", "past"),  # half an hour ago
        ("slot", "2024-02-13T10:00:00", "instant"),
        ("slot", "tomorrow", "instant"),
        ("slot", "0001-01-01T00:00:00+14:00", "instant"),
        ("slot", 1707800400, "type"),
        ("language", "xx", "language"),
        ("language", None, "type"),
        ("consent", False, "consent"),
        ("consent", "yes", "type"),
        ("elapsed", "long", "type"),
        ("website", 7, "type"),
    ],
    ids=str,
)
def test_field_that_is_wrong_is_named_and_nothing_stored(
    line: TestClient, field: str, given: object, code: str
) -> None:
    before = row_counts()

    answer = post(line, json.dumps(BODY | {field: given}).encode())

    assert refusal(answer) == (422, "fields", [(field, code)])
    assert row_counts() == before


def test_all_wrong_fields_are_named_at_once(line: TestClient) -> None:
    wrong = {"name": "", "organisation": "M" * 161, "email": "dana", "reason": "\0"}

    answer = post(line, json.dumps(BODY | wrong).encode())

    named = {("name", "required"), ("organisation", "too_long"), ("email", "email"), ("reason", "characters")}
    assert refusal(answer)[:2] == (422, "fields")
    assert set(refusal(answer)[2]) == named


def test_missing_fields_are_named(line: TestClient) -> None:
    before = row_counts()

    answer = post(line, b"{}")

    assert refusal(answer)[:2] == (422, "fields")
    assert set(refusal(answer)[2]) == {(each, "required") for each in TEXTS}
    assert row_counts() == before


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed"),
        (b"name=Dana", 400, "malformed"),
        (b'{"name": "Dana"', 400, "malformed"),
        (b'{"name": "Dan\xff"}', 400, "malformed"),
        (b'{"name": "Dan\\ud800"}', 400, "malformed"),
        (b"[" * 16_000, 400, "malformed"),
        (b'{"name":' * 2_000, 400, "malformed"),
        (b"[]", 422, "fields"),
        (b"null", 422, "fields"),
        (b'"Dana"', 422, "fields"),
        (b" " * 16_385, 413, "too_large"),
        (b"x" * 5_000_000, 413, "too_large"),
    ],
    ids=lambda given: str(given[:30]) if isinstance(given, bytes) else "",
)
def test_body_that_is_no_form_is_a_problem(line: TestClient, body: bytes, status: int, code: str) -> None:
    before = row_counts()

    found = refusal(post(line, body))

    assert found[:2] == (status, code)
    assert row_counts() == before


def test_half_a_body_is_no_fault(line: TestClient) -> None:
    """A phone may lose its network at any time: that is nothing for the log."""
    came = iter([{"type": "http.request", "body": b'{"name', "more_body": True}, {"type": "http.disconnect"}])
    told: list[Any] = []

    async def receive() -> Any:
        return next(came)

    async def send(message: Any) -> None:
        told.append(message)

    headers = [(b"idempotency-key", KEY.encode()), (b"content-length", b"100")]
    scope = {"type": "http", "method": "POST", "path": REQUESTS, "headers": headers, "query_string": b""}
    assert line.portal is not None
    line.portal.call(line.app, scope, receive, send)

    assert told[0]["status"] == 400


def test_body_without_end_is_refused(line: TestClient) -> None:
    sent = 0

    def endless() -> Iterable[bytes]:
        nonlocal sent
        for _ in range(1_000):
            sent += 1
            yield b"x" * 1_024

    answer = line.post(REQUESTS, content=endless(), headers={"idempotency-key": KEY})

    assert refusal(answer)[:2] == (413, "too_large")


@pytest.mark.parametrize(
    "key", [None, "", "short", "k" * 101, "with space", "../../etc", "key;drop", "ключ-ключ"]
)
def test_key_that_is_missing_or_ill_formed_is_a_problem(line: TestClient, key: str | None) -> None:
    before = row_counts()

    headers = {} if key is None else {b"idempotency-key": key.encode()}
    answer = line.post(REQUESTS, json=BODY, headers=headers)

    assert refusal(answer)[:2] == (400, "key")
    assert row_counts() == before


@every_database
@pytest.mark.parametrize("field", ["event", "whom", "language", "slot"])
def test_null_character_in_a_choice_is_a_field_s_problem(line: TestClient, field: str) -> None:
    """PostgreSQL's texts cannot hold it, not even to be looked for."""
    before = row_counts()

    answer = post(line, json.dumps(BODY | {field: "saiga\0"}).encode())

    assert refusal(answer)[:2] == (422, "fields")
    assert [name for name, _ in refusal(answer)[2]] == [field]
    assert row_counts() == before


def test_replayed_key_with_another_body_is_refused(line: TestClient) -> None:
    first = send(line, Asked(KEY, BODY))
    before = row_counts()

    again = [
        send(line, Asked(KEY, BODY | {field: given}))
        for field, given in (("name", "Erlan"), ("reason", "Another"), ("slot", "2024-02-13T10:00:00+05:00"))
    ]

    assert first.status_code == 201
    assert [refusal(each)[:2] for each in again] == [(409, "key_reused")] * 3
    assert row_counts() == before


def test_replayed_key_with_its_body_answers_the_same(line: TestClient) -> None:
    first = send(line, Asked(KEY, BODY))
    before = row_counts()

    again = send(line, Asked(KEY, BODY | {"elapsed": 99, "name": "  Dana "}))

    assert again.json() == first.json()
    assert again.status_code in {200, 201}
    assert row_counts() == before


def test_what_people_write_is_kept_as_text(line: TestClient) -> None:
    written = {
        "name": "=cmd|' /C calc'!A0 <script>alert(1)</script>",
        "organisation": "Мир'; DROP TABLE meetingrequest; --",
        "reason": "Line\r\nline\n\t%00 {{7*7}} 🦌",
    }

    token = send(line, Asked(KEY, BODY | written)).json()["token"]

    seen = line.get(f"{REQUESTS}/{token}").json()
    assert {name: seen[name] for name in written} == written | {"reason": "Line\nline\n\t%00 {{7*7}} 🦌"}


Act = Callable[[TestClient, str], Any]
ACTS: dict[str, Act] = {
    "look": lambda line, token: line.get(f"{REQUESTS}/{token}"),
    "calendar": lambda line, token: line.get(f"{REQUESTS}/{token}.ics"),
    "answer": lambda line, token: line.post(
        f"{REQUESTS}/{token}/answer", json={"action": "accept", "proposal": 1}
    ),
    "cancel": lambda line, token: line.post(f"{REQUESTS}/{token}/cancel"),
    "erase": lambda line, token: line.delete(f"{REQUESTS}/{token}"),
}


@pytest.mark.parametrize("token", ["a" * 32, "A" * 32, "%00", "x" * 100, "1", "'--", "👤"])
@pytest.mark.parametrize("act", ACTS)
def test_foreign_token_opens_nothing(line: TestClient, act: str, token: str) -> None:
    send(line, Asked(KEY, BODY))
    before = row_counts()

    answer = ACTS[act](line, token)

    assert refusal(answer)[:2] == (404, "unknown")
    assert row_counts() == before


def test_stored_hashes_open_nothing(line: TestClient) -> None:
    """Who reads the database cannot act with what stands there."""
    send(line, Asked(KEY, BODY))
    with reading() as db:
        request = db.exec(select(MeetingRequest)).one()

    kept = (request.token_hash, request.key_hash, request.uid)
    answers = [act(line, each) for act in ACTS.values() for each in kept]

    assert {answer.status_code for answer in answers} == {404}


@pytest.fixture
def proposed(line: TestClient) -> tuple[str, str, int]:
    """Two requests' tokens, and the proposal that waits in the first."""
    tokens = [send(line, new_request(name)).json()["token"] for name in ("Dana", "Erlan")]
    with writing() as db:
        aigul = add_member(db, "aigul")
        line_ = meetings.propose(db, 1, aigul, terms(aigul), NOW)
        meetings.propose(db, 2, aigul, terms(aigul), NOW)
        assert line_.proposal
        return tokens[0], tokens[1], line_.proposal


@every_database
@pytest.mark.parametrize("action", ["accept", "decline", "counter"])
def test_proposal_to_another_cannot_be_answered(
    line: TestClient, proposed: tuple[str, str, int], action: str
) -> None:
    _, other, proposal = proposed
    before = row_counts()

    for number in (proposal, proposal + 1_000, 2**31 - 1):
        body = {"action": action, "proposal": number, "slot": "2024-02-13T11:00:00+05:00"}
        answer = line.post(f"{REQUESTS}/{other}/answer", json=body)
        assert refusal(answer)[:2] == (409, "superseded"), number

    assert row_counts() == before
    with reading() as db:
        assert db.exec(select(MeetingRequest.status).where(MeetingRequest.id == 2)).one() == "proposed"


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"action": "approve"}, "action", "unknown"),
        ({"action": None}, "action", "type"),
        ({"proposal": "1"}, "proposal", "type"),
        ({"proposal": 1.5}, "proposal", "type"),
        ({"proposal": 0}, "proposal", "type"),
        ({"proposal": 2**31}, "proposal", "type"),
        ({"proposal": 2**70}, "proposal", "type"),
        ({"proposal": None}, "proposal", "type"),
        ({"action": "counter"}, "slot", "required"),
        ({"action": "counter", "slot": "soon"}, "slot", "instant"),
        ({"action": "counter", "slot": "2024-02-13T10:07:00+05:00"}, "slot", "unknown"),
        ({"action": "counter", "slot": "2024-02-12T09:30:00+05:00"}, "slot", "unavailable"),
    ],
    ids=str,
)
def test_answer_that_is_wrong_is_named_and_changes_nothing(
    line: TestClient, proposed: tuple[str, str, int], given: dict[str, object], field: str, code: str
) -> None:
    token, _, proposal = proposed
    before, seen = row_counts(), line.get(f"{REQUESTS}/{token}").json()

    answer = line.post(f"{REQUESTS}/{token}/answer", json={"action": "accept", "proposal": proposal} | given)

    assert refusal(answer) == (422, "fields", [(field, code)])
    assert row_counts() == before
    assert line.get(f"{REQUESTS}/{token}").json() == seen


def test_looking_changes_nothing(line: TestClient, proposed: tuple[str, str, int]) -> None:
    """A mail scanner opens every link, and often."""
    token, _, _ = proposed
    before, seen = row_counts(), line.get(f"{REQUESTS}/{token}").json()

    for path in ("", ".ics", "/answer", "/cancel"):
        for _ in range(25):
            line.get(f"{REQUESTS}/{token}{path}")
            line.head(f"{REQUESTS}/{token}{path}")

    assert line.get(f"{REQUESTS}/{token}").json() == seen
    assert row_counts() == before


def test_taken_time_tells_a_delegate_no_more_than_that(
    line: TestClient, proposed: tuple[str, str, int]
) -> None:
    token, other, proposal = proposed
    second = line.get(f"{REQUESTS}/{other}").json()["proposal"]["id"]
    line.post(f"{REQUESTS}/{token}/answer", json={"action": "accept", "proposal": proposal})

    answer = line.post(f"{REQUESTS}/{other}/answer", json={"action": "accept", "proposal": second})

    assert refusal(answer)[:2] == (409, "taken")
    assert "Dana" not in answer.text


@every_database
def test_after_the_conference_the_form_is_closed(line: TestClient, environment: Callable[..., None]) -> None:
    environment(NOW="2024-02-18T10:00:00+05:00")
    before = row_counts()

    answer = send(line, new_request("Dana"))

    assert refusal(answer)[:2] == (403, "closed")
    assert row_counts() == before


def test_member_who_agreed_to_be_shown_can_be_asked_for(line: TestClient) -> None:
    with writing() as db:
        add_member(db, "aigul")
        add_member(db, "bolat", shown=False)

    answers = [send(line, new_request("Dana", whom=each)) for each in ("aigul", "bolat")]

    assert answers[0].status_code == 201
    assert refusal(answers[1]) == (422, "fields", [("whom", "unknown")])
    with reading() as db:
        names = {each.id: each.slug for each in db.exec(select(StaffMember))}
        assert [names[each.whom_id or 0] for each in db.exec(select(MeetingRequest))] == ["aigul"]
