"""No log line holds a secret link, an address, or what people wrote."""

import logging
from collections.abc import Iterator
from contextvars import copy_context

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from copapp import logs, this_request
from copapp.domain.source import SourceProgramme
from copapp.models import MeetingRequest
from tests.meeting_requests import asked, staffed

TOKEN = "5q37jjw6ild2l4mzc3e7fx4bgorlblsn"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    before = logging.getLogRecordFactory()
    logs.mask_logs()
    yield caplog
    logging.setLogRecordFactory(before)


@pytest.mark.parametrize(
    "door", ["/meet/", "/api/v1/meeting-requests/", "/admin/set-up/", "/admin/password/"]
)
def test_token_is_masked(door: str, lines: pytest.LogCaptureFixture) -> None:
    logging.getLogger("any").warning("GET %s%s took long", door, TOKEN)

    assert lines.messages == [f"GET {door}… took long"]


def test_address_is_masked_also_in_a_traceback(lines: pytest.LogCaptureFixture) -> None:
    try:
        int(f"dana@ministry.example asked at /meet/{TOKEN}")
    except ValueError:
        logging.getLogger("any").exception("Could not answer dana@ministry.example")

    assert "ministry.example" not in lines.text
    assert TOKEN not in lines.text
    assert "…@… asked at /meet/…" in lines.text


def test_line_says_when_how_bad_and_for_which_request() -> None:
    """No line had a time or a level."""
    given = {
        "created": 1707710400.25,
        "msecs": 250.0,
        "levelname": "WARNING",
        "name": "copapp.asgi",
        "msg": "One.\nTwo.",
    }

    def line() -> str:
        return logs.LogLine().format(logging.makeLogRecord(given))

    def of_a_request() -> tuple[str, str]:
        this_request.begin_request()
        return this_request.request_id(), line()

    number, asked_for = copy_context().run(of_a_request)

    assert line() == "2024-02-12T04:00:00.250Z WARNING [-] copapp.asgi: One.\n    Two."
    assert asked_for == line().replace("[-]", f"[{number}]")
    assert len(number) == 8


def test_database_error_does_not_quote_a_request(db: Session, cop14: SourceProgramme) -> None:
    """SQLAlchemy's own words hold the statement's values unless told otherwise."""
    staffed(db, cop14)
    request = asked(db, "Dana", reason="The canary in the corridor")
    twin = MeetingRequest(**request.model_dump(exclude={"id"}))

    db.add(twin)
    with pytest.raises(IntegrityError) as refused:
        db.flush()
    db.rollback()

    assert "canary" not in str(refused.value)
