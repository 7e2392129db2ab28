"""What is counted and then written holds its limit to the number, however many come in the same moment."""

import secrets
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from copapp.services import abuse
from tests.askers import PROOF_WANTED, ask, new_request, send
from tests.conftest import every_database

pytestmark = every_database

AT_ONCE = 40


def at_once(number: int, act: Callable[[int], Any]) -> Counter[int]:
    """Let so many come, each from a thread of its own; gives how many got which status."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(answer.status_code for answer in pool.map(act, range(number)))


def test_one_mailbox_has_eight_open_requests_however_many_ask(line: TestClient) -> None:
    """PostgreSQL let twenty in."""
    found = at_once(AT_ONCE, lambda _: ask(line, new_request("Dana")))

    assert found == {201: abuse.OPEN_FOR_ONE_RECIPIENT, 429: AT_ONCE - abuse.OPEN_FOR_ONE_RECIPIENT}


def test_twenty_ask_without_a_proof_however_many_come(line: TestClient) -> None:
    """PostgreSQL let 33 in."""
    found = at_once(2 * AT_ONCE, lambda number: send(line, new_request(f"Delegate {number}")))

    assert found == {201: abuse.FREE_IN_A_WINDOW, PROOF_WANTED: 2 * AT_ONCE - abuse.FREE_IN_A_WINDOW}


def test_two_hundred_calendars_are_made_without_a_proof(
    line: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL let 211 be made."""
    monkeypatch.setattr(abuse, "FREE_CALENDARS_IN_A_WINDOW", 20)

    def make(_: int) -> Any:
        key = {"idempotency-key": secrets.token_urlsafe(16)}
        return line.post("/api/v1/calendars", json={"add": ["saiga-recovery"]}, headers=key)

    assert at_once(2 * AT_ONCE, make) == {201: 20, PROOF_WANTED: 2 * AT_ONCE - 20}
