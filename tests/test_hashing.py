"""Looking at passwords: strangers wait in a short queue, and never before whom we know."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import islice
from typing import Any

import pytest
from starlette.testclient import TestClient

from copapp.clock import Clock, clock
from copapp.database import writing
from copapp.hashing import AT_MOST, OF_ALL, OF_ONE_LINK, OF_ONE_NETWORK, Hashing, QueueFullError
from copapp.models import StaffMember, StaffRole
from copapp.services import passwords, staff
from copapp.staff_entry import Came, Entrance
from copapp.this_request import patience, waiting_at_most
from tests.conftest import NOW

PATIENCE_SECONDS = 10  # longer than whom we know ever waits


def _run(work: Coroutine[Any, Any, None]) -> None:
    with ThreadPoolExecutor(1) as pool:  # in this thread a browser's loop may run
        pool.submit(asyncio.run, work).result()


def test_whom_we_know_is_looked_at_while_strangers_wait() -> None:
    done: list[str] = []

    async def look() -> None:
        hashing, has_begun, may_end = Hashing(), threading.Event(), threading.Event()

        def wait() -> None:
            has_begun.set()
            may_end.wait()
            done.append("stranger")

        strangers = [asyncio.create_task(hashing.do(wait, is_known=False)) for _ in range(3)]
        await asyncio.to_thread(has_begun.wait)
        try:
            await asyncio.wait_for(hashing.do(done.append, "known", is_known=True), PATIENCE_SECONDS)
        finally:
            may_end.set()
        await asyncio.gather(*strangers)

    _run(look())

    assert done == ["known", "stranger", "stranger", "stranger"]


def test_who_waited_for_a_look_has_all_the_time_left_for_the_database() -> None:
    """Whoever had waited two seconds was told that the database is busy, with the right password too."""
    left: list[float] = []

    async def look() -> None:
        with waiting_at_most(0):
            await Hashing().do(str, is_known=True)
            left.append(patience(0))

    _run(look())

    assert left[0] > 1


def test_a_network_that_asks_for_much_waits_behind_one_of_each_other() -> None:
    """Eight networks with eight guesses each had the owner wait for all of them."""
    done: list[str] = []

    async def look() -> None:
        hashing, has_begun, may_end = Hashing(), threading.Event(), threading.Event()

        def wait() -> None:
            has_begun.set()
            may_end.wait()
            done.append("greedy")

        asked = [asyncio.create_task(hashing.do(wait, is_known=False, network="greedy"))]
        await asyncio.to_thread(has_begun.wait)
        networks = *["greedy"] * (OF_ONE_NETWORK - 1), "owner", "another"
        looks = (hashing.do(done.append, each, is_known=False, network=each) for each in networks)
        asked += map(asyncio.create_task, looks)
        await asyncio.sleep(0)
        may_end.set()
        await asyncio.gather(*asked)

    _run(look())

    assert done == ["greedy", "owner", "another", *["greedy"] * (OF_ONE_NETWORK - 1)]


def test_one_network_has_a_few_places_and_all_together_not_many_more() -> None:
    """Eight networks took every place, and a new browser of the owner's was refused."""
    hashing, full = Hashing(), OF_ALL // OF_ONE_NETWORK
    with ExitStack() as held:
        for number in range(OF_ALL):
            held.enter_context(hashing.place(f"network {number % (full + 1)}"))
        for number in range(full + 1):  # the last of them has a place left, but all together have none
            with pytest.raises(QueueFullError), hashing.place(f"network {number}"):
                pass
        for number in range(AT_MOST - OF_ALL):
            held.enter_context(hashing.place(f"another network {number}"))
        with pytest.raises(QueueFullError), hashing.place("one too many"):
            pass

    with ExitStack() as held:
        for _ in range(OF_ONE_NETWORK):
            held.enter_context(hashing.place("192.0.2.0/24"))
        with pytest.raises(QueueFullError), hashing.place("192.0.2.0/24"):
            pass
        assert hashing.waiting == {"192.0.2.0/24": OF_ONE_NETWORK}
    assert hashing.waiting == {}


class Watched(Hashing):
    """Lanes that write down what is done in them."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    async def do(self, work: Callable[..., Any], *given: Any, is_known: bool, network: str = "") -> Any:
        self.done.append(work.__name__)
        return await super().do(work, *given, is_known=is_known, network=network)


@pytest.fixture
def bolat(line: TestClient) -> StaffMember:
    with writing() as db:
        member = staff.add_member(db, None, "Bolat", "bolat@example.org", StaffRole.MEMBER, NOW)
        member.password_hash = passwords.hash_password("amber lantern river stone")
        db.flush()
        db.refresh(member)
        db.expunge(member)
    return member


def test_who_found_an_open_browser_has_few_passwords_looked_at_and_none_hashed(
    bolat: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five hundred wrong ones had whom we know wait for two minutes: each new one was hashed first."""
    begun = clock().now()
    monkeypatch.setattr(Clock, "now", lambda _: begun)  # the wait after the fifth is over in a second
    with writing() as db:
        session = staff.open_session(db, bolat.id or 0, clock().now())
    entrance, watched = Entrance(), Watched()
    entrance.hashing = watched
    form = {"current": "a guess", "password": "velvet otter copper lantern"}
    came = Came(f"copapp-staff={session}", "", "192.0.2.1")
    told: list[tuple[bytes, bytes]] = []

    async def guess() -> None:
        for answer in await asyncio.gather(*(entrance.change_password(form, came) for _ in range(20))):
            told.extend(each for each in answer[1] if each[0] == b"location")

    _run(guess())

    assert watched.done == ["is_password"] * 5
    problems = Counter(value.partition(b"&")[0].partition(b"=")[2] for _, value in told)
    assert problems == {b"current": 5, b"wait": 15}


def test_one_link_has_a_small_share_among_whom_we_know(bolat: StaffMember) -> None:
    with writing() as db:
        link = staff.make_link(db, None, bolat, clock().now())
    entrance, refused = Entrance(), []

    async def choose() -> None:
        may_end = threading.Event()
        busy = asyncio.create_task(entrance.hashing.do(may_end.wait, is_known=True))
        form, came = {"password": "velvet otter copper lantern"}, Came("", "", "192.0.2.1")
        tries = [
            asyncio.create_task(entrance.set_up(f"/admin/password/{link}", form, came))
            for _ in range(OF_ONE_LINK + 3)
        ]
        try:
            for each in islice(asyncio.as_completed(tries, timeout=PATIENCE_SECONDS), 3):
                try:
                    await each
                except QueueFullError:
                    refused.append(each)
        finally:
            may_end.set()
        await asyncio.gather(busy, *tries, return_exceptions=True)

    _run(choose())

    assert len(refused) == 3
    assert entrance.hashing.links == {}
