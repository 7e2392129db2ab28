"""Looking at passwords: strangers wait in a short queue, and never before whom we know."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from copapp.hashing import OF_ALL, OF_ONE_NETWORK, Hashing, QueueFullError

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


def test_one_network_has_a_few_places_and_all_together_not_many_more() -> None:
    hashing = Hashing()
    with ExitStack() as held:
        for _ in range(OF_ONE_NETWORK):
            held.enter_context(hashing.place("192.0.2.0/24"))
        with pytest.raises(QueueFullError), hashing.place("192.0.2.0/24"):
            pass
        for number in range(OF_ALL - OF_ONE_NETWORK):
            held.enter_context(hashing.place(f"network {number}"))
        with pytest.raises(QueueFullError), hashing.place("another network"):
            pass

    with hashing.place("192.0.2.0/24"):
        assert hashing.waiting == {"192.0.2.0/24": 1}
    assert hashing.waiting == {}
