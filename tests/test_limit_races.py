"""What is counted and then written holds its limit to the number, however many come in the same moment."""

import secrets
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from copapp.database import writing
from copapp.models import Secret, StaffMember, StaffRole, StaffSession
from copapp.services import abuse, staff
from copapp.services.tokens import hash_of
from tests.askers import PROOF_WANTED, ask, new_request, send
from tests.conftest import NOW, every_database
from tests.races import behind

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


def test_a_calendar_that_is_changed_and_replaced_at_once_keeps_nobody_waiting(line: TestClient) -> None:
    """Each waited for the other, and whoever came to be counted for both."""
    key = {"idempotency-key": secrets.token_urlsafe(16)}
    token = line.post("/api/v1/calendars", json={}, headers=key).json()["token"]

    def replace() -> int:
        another = {"idempotency-key": secrets.token_urlsafe(16)}
        return line.post("/api/v1/calendars", json={"replaces": token}, headers=another).status_code

    def change() -> int:
        return line.put(
            f"/api/v1/calendars/{token}", json={"add": ["saiga-recovery"], "alarm": 5}
        ).status_code

    replaced, changed = behind(select(Secret), replace, change)

    assert replaced == 201
    assert changed in {200, 410}


def test_a_link_that_is_used_while_another_is_made_keeps_nobody_waiting(line: TestClient) -> None:
    """Each waited for the other: whoever used it held the link, whoever made another the account."""
    with writing() as db:
        member = staff.add_member(db, None, "Bolat", "bolat@example.org", StaffRole.MEMBER, NOW)
        number, link = member.id or 0, staff.make_link(db, None, member, NOW)

    def make_another() -> str:
        with writing() as db:
            return staff.make_link(db, None, staff.held_member(db, number), NOW)

    def use() -> str:
        with suppress(staff.LinkError), writing() as db:
            return staff.use_link(db, link, "hash", NOW).slug
        return "gone"

    made, used = behind(select(StaffMember), make_another, use)

    assert len(made) > len(used)
    assert used in {"bolat", "gone"}


def test_who_signs_in_again_while_signed_out_everywhere_keeps_nobody_waiting(line: TestClient) -> None:
    """Each waited for the other: who came again held the session, the colleague the account."""
    with writing() as db:
        number = staff.add_member(db, None, "Bolat", "bolat@example.org", StaffRole.MEMBER, NOW).id or 0
        before = staff.open_session(db, number, NOW)

    def come_again() -> str:
        with writing() as db:
            staff.sign_out(db, hash_of(before))
            return staff.open_session(db, number, NOW)

    def sign_out() -> str:
        with writing() as db:
            staff.sign_out_everywhere(db, staff.held_member(db, number).id or 0)
            return "out"

    again, out = behind(select(StaffSession), come_again, sign_out)

    assert again != before
    assert out == "out"
