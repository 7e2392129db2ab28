"""Looks at passwords, which takes a processor and 64 MiB for a while: one at a time in each of two lanes.

Whom we know already (a browser that signed in before, a session, a one-time link) has a lane that no
stranger enters; a link has a small share of it, all others are counted before (`services.sign_in`). Strangers
wait in a short queue, a few of each network at most, and networks take turns; more are refused at once. In
a full queue a network of which nobody waits still gets a place, up to AT_MOST of all: so few networks keep
nobody else out, and have others wait no longer than one look for each of them.
Used by the staff's doors; the staff's pages have a lane of their own (`staff.own_password`).
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from copapp.this_request import count_from_now

OF_ONE_NETWORK, OF_ALL, AT_MOST = 8, 64, 256
OF_ONE_LINK = 2

Result = TypeVar("Result")


class QueueFullError(RuntimeError):
    """Too many of this network, of this link, or of all, are being looked at."""


class Hashing:
    """The two lanes of one worker process."""

    def __init__(self) -> None:
        self._known, self._strangers = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.waiting: Counter[str] = Counter()
        self.links: Counter[str] = Counter()

    @contextmanager
    def place(self, network: str) -> Iterator[None]:
        """Hold a place in the strangers' queue. Raises QueueFullError."""
        most = OF_ALL if self.waiting[network] else AT_MOST
        if self.waiting[network] >= OF_ONE_NETWORK or self.waiting.total() >= most:
            raise QueueFullError
        with _counted(self.waiting, network):
            yield

    @contextmanager
    def share(self, link: str) -> Iterator[None]:
        """Hold a place among whom we know for who has a one-time link. Raises QueueFullError."""
        if self.links[link] >= OF_ONE_LINK:
            raise QueueFullError
        with _counted(self.links, link):
            yield

    async def do(self, work: Callable[..., Result], *given: Any, is_known: bool, network: str = "") -> Result:
        """Do the work in its lane; a stranger's, of a network, when it is the network's turn."""
        lane = self._known if is_known else self._strangers
        turn = nullcontext() if is_known else self._turns.setdefault(network, asyncio.Lock())
        async with turn:  # one of each network is in the lane, which goes by who came first
            done = await asyncio.get_running_loop().run_in_executor(lane, work, *given)
        count_from_now()  # that was no waiting for the database
        return done


@contextmanager
def _counted(held: Counter[str], whose: str) -> Iterator[None]:
    held[whose] += 1
    try:
        yield
    finally:
        held[whose] -= 1
        if not held[whose]:
            del held[whose]
