"""A script that does the work floods a served app; `make soak` does it at full size, and takes the time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from copapp.database import migrate, writing
from copapp.domain.source import SourceProgramme
from tests import listeners
from tests.browser.server import DelegateServer
from tests.conftest import Environment
from tests.floods import flood
from tests.meeting_requests import staffed

NUMBER = 1_000
MOST_TO_ANSWER = 20
MOST_HEARD = 1_000_000


@pytest.fixture
def smtp() -> Iterator[listeners.MailServer]:
    with listeners.mail_server() as server:
        yield server


@pytest.fixture
def server(
    tmp_path: Path,
    database_url: str,
    environment: Environment,
    cop14: SourceProgramme,
    smtp: listeners.MailServer,
) -> Iterator[DelegateServer]:
    migrate()
    with writing() as db:
        staffed(db, cop14)
    given = {
        "COPAPP_DATABASE_URL": database_url,
        "COPAPP_SMTP_URL": f"smtp://127.0.0.1:{smtp.port}?from=meetings@altyndala.example",
    }
    server = DelegateServer(tmp_path, given)
    server.start()
    yield server
    server.close()


def test_a_flood_is_held_back_an_honest_delegate_is_answered_and_one_tap_clears_the_rest(
    server: DelegateServer, smtp: listeners.MailServer
) -> None:
    found = flood(server, smtp, NUMBER)

    assert found.in_by_then < NUMBER, "the answer waited for the whole flood"
    assert found.before["accepted"] == 1
    assert found.before["answer"] <= MOST_TO_ANSWER
    assert found.before["answer"] + found.before["held_back"] == NUMBER
    assert found.after["held_back"] == 0
    assert found.after["answer"] == found.before["answer"]
    assert found.heard < MOST_HEARD
