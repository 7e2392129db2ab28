"""Which threads answer: writing has threads of its own, which no reader takes. Any room may use it.

Readers are few, because the pool of connections (`database`) must hold them all, and writers beside them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from anyio.to_thread import current_default_thread_limiter

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

READERS, WRITERS = 8, 12

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


def limit_readers() -> None:
    """Let so many doors that only read be answered at a time in the running loop; the others wait."""
    current_default_thread_limiter().total_tokens = READERS
