"""Looks at passwords, which takes a processor and 64 MiB for a while: one at a time in each of two lanes.

Whom we know already (a browser that signed in before, a session, a one-time link) has a lane that no
stranger enters. Strangers wait in a short queue, a few of each network at most; more are refused at once.
Used by the staff's doors.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

OF_ONE_NETWORK, OF_ALL = 8, 64

Result = TypeVar("Result")


class QueueFullError(RuntimeError):
    """Too many of this network, or of all, are being looked at."""


class Hashing:
    """The two lanes of one worker process."""

    def __init__(self) -> None:
        self._known, self._strangers = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self.waiting: Counter[str] = Counter()

    @contextmanager
    def place(self, network: str) -> Iterator[None]:
        """Hold a place in the strangers' queue. Raises QueueFullError."""
        if self.waiting[network] >= OF_ONE_NETWORK or self.waiting.total() >= OF_ALL:
            raise QueueFullError
        self.waiting[network] += 1
        try:
            yield
        finally:
            self.waiting[network] -= 1
            self.waiting += Counter()  # forgets networks of which nobody waits

    async def do(self, work: Callable[..., Result], *given: Any, is_known: bool) -> Result:
        """Do the work in its lane."""
        lane = self._known if is_known else self._strangers
        return await asyncio.get_running_loop().run_in_executor(lane, work, *given)
