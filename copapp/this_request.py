"""What a request carries through every room: its id for the log, and how long it may wait for the database.

Any room may use it. A chore and a command carry neither: they have time, and nobody asks for them by an id.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_PATIENCE_SECONDS = 2.0
_LEAST_SECONDS = 0.1


@dataclass
class _Request:
    id: str
    until: float


_current: ContextVar[_Request | None] = ContextVar("this_request", default=None)


def begin_request() -> None:
    """Give what is answered from here on an id, and a time until which it may wait, in other threads too."""
    _current.set(_Request(secrets.token_hex(4), time.monotonic() + _PATIENCE_SECONDS))


def end_request() -> None:
    """Forget it: what goes on from here is no request any more, such as a socket."""
    _current.set(None)


def count_from_now() -> None:
    """Let the time begin now: what went before was no waiting for the database. No-op without a request."""
    if request := _current.get():
        request.until = time.monotonic() + _PATIENCE_SECONDS


@contextmanager
def waiting_at_most(seconds: float) -> Iterator[None]:
    """Let what is done within wait no longer for the database, whoever asks."""
    before = _current.set(_Request(request_id(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _current.reset(before)


def request_id() -> str:
    """Give the id by which the log names this request; "" where none is answered."""
    request = _current.get()
    return request.id if request else ""


def patience(otherwise: float) -> float:
    """Give the seconds that this request may still wait; `otherwise` where none is answered.

    Those who come at once wait beside each other, not one after the other: it counts from each one's start.
    """
    request = _current.get()
    return max(request.until - time.monotonic(), _LEAST_SECONDS) if request else otherwise
