"""Tells the log why staff's sockets are refused, each reason once a minute.

Used by `asgi.py` and `staff_socket.py`.
"""

import asyncio
import logging
import math
from collections import Counter, defaultdict

logger = logging.getLogger(__name__)

_SAID_EVERY_SECONDS = 60.0
_LONGEST = 100


class Refusals:
    """Counts by kind; what a client wrote is shortened and quoted, and cookies are never looked at."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._said: dict[str, float] = defaultdict(lambda: -math.inf)

    def note(self, kind: str, why: str) -> None:
        """Count one more of a kind, and say so unless that kind was said within the last minute."""
        self._counts[kind] += 1
        now = asyncio.get_running_loop().time()
        if now - self._said[kind] >= _SAID_EVERY_SECONDS:
            self._said[kind] = now
            logger.warning("Staff's socket: %s (%d times since last said)", why, self._counts.pop(kind))


def quoted(given: bytes) -> str:
    """Give what a client sent in a form that no log line can be broken by."""
    return repr(given[:_LONGEST].decode("latin-1")) if given else "none"
