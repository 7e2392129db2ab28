"""What many ask for at the same moment: made once, for all of them. For this room only."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

Value = TypeVar("Value")

_LASTS_SECONDS = 1.0


class Shared(Generic[Value]):
    """A value that lasts a second; whoever asks while it is made waits for the same one.

    `make`, in a thread of its own, is given what it made last, None at first. What it raises is told to those
    who waited, and does not last; nor does a value that `lasts` refuses.
    """

    def __init__(self, make: Callable[[Value | None], Value], lasts: Callable[[Value], bool] = bool) -> None:
        self._make, self._lasts = make, lasts
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="shared")
        self._lock = Lock()
        self.forget()
        _all.add(self)

    def forget(self) -> None:
        """Make it from nothing at the next question, as a new process would."""
        with self._lock:
            self._value: Value | None = None
            self._since = float("-inf")
            self._making: Future[Value] | None = None

    def at_hand(self) -> Value | None:
        """Give the value of this second, at once; None where it must be made first."""
        return self._value if time.monotonic() - self._since < _LASTS_SECONDS else None

    async def get(self) -> Value:
        """Give the value, made by now. Raises what its making raised."""
        found = self.at_hand()
        return await asyncio.wrap_future(self._begun()) if found is None else found

    def _begun(self) -> Future[Value]:
        with self._lock:
            if self._making is None or self._making.done():
                self._making = self._thread.submit(self._made)
            return self._making

    def _made(self) -> Value:
        began = time.monotonic()
        value = self._make(self._value)
        self._value, self._since = value, began if self._lasts(value) else float("-inf")
        return value


_all: WeakSet[Shared[Any]] = WeakSet()


def forget_shared() -> None:
    """Forget every value that is shared in this process."""
    for each in list(_all):
        each.forget()
