"""Looking at passwords: strangers wait in a short queue, and never before whom we know."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from copapp.hashing import AT_MOST, OF_ALL, OF_ONE_NETWORK, Hashing, QueueFullError

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
