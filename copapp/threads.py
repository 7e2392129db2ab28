"""Which threads answer: writing has threads of its own, which no reader takes. Any room may use it.

Readers are few, because the pool of connections (`database`) must hold them all, and writers beside them.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from anyio.to_thread import current_default_thread_limiter

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

READERS, WRITERS = 8, 12
_TURN_SECONDS = 0.0005

_writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="writer")


async def written(act: Callable[Given, Answer], *given: Given.args, **named: Given.kwargs) -> Answer:
    """Do what writes in a thread that no reader takes."""
    done = partial(copy_context().run, act, *given, **named)  # it stays the same request
    return await asyncio.get_running_loop().run_in_executor(_writers, done)


def writes(door: Callable[Given, Answer]) -> Callable[Given, Awaitable[Answer]]:
    """Have a door answered by a thread that no reader takes."""

    @wraps(door)
    async def answer(*given: Given.args, **named: Given.kwargs) -> Answer:
        return await written(door, *given, **named)

    return answer


def share_turns() -> None:
    """Let so many doors that only read be answered at a time in the running loop, and nobody wait long.

    Whoever writes gives Python's lock away at each statement. While the loop answers a crowd from memory, it
    gets it back after a turn: Python's own of 5 ms made a request of sixty statements wait for seconds.
    """
    current_default_thread_limiter().total_tokens = READERS
    sys.setswitchinterval(_TURN_SECONDS)
