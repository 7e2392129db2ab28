"""What every worker process does beside answering: time's work, sending, reading, looking.

Nothing ends a chore but the end of the process: whatever it raises is logged, seen at /readyz and at the
staff's settings, and it is done again, later each time. One that fails keeps no other waiting.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from copapp.chore_runs import note_done, note_failed
from copapp.clock import clock
from copapp.database import reading, scrub, scrub_again, writing
from copapp.logs import fault
from copapp.services.clock_watch import may_act, said
from copapp.services.delivery import deliver_due
from copapp.services.mailbox import look_for_replies
from copapp.services.safety_copies import drop_copies, keep_copy
from copapp.services.upkeep import DUTIES, Duty, is_due, keep_up
from copapp.services.watching import look_at_watched

logger = logging.getLogger(__name__)

_LATEST_SECONDS = 60.0
_MOST_DOUBLINGS = 10


@dataclass(frozen=True)
class Chore:
    """Something done again and again; `do` blocks, and runs in a thread."""

    name: str
    every_seconds: float
    do: Callable[[], object]


def _do_duty(duty: Duty) -> None:
    now = clock().now()
    with reading() as db:
        if not is_due(db, duty, now):
            return
    if not may_act(now):
        return
    copy = keep_copy(duty.name, now) if duty.until else None
    with writing() as db:
        done = keep_up(db, duty, now)
    scrub()
    if done.until and done.count:
        words = "%s: erased %d, promised to be kept until %s, because it is %s. For a day there is a copy: %s"
        logger.warning(words, duty.name, done.count, said(done.until), said(now), copy)


def _deliver() -> None:
    now = clock().now()
    if may_act(now):
        deliver_due(now)


def _drop_copies() -> None:
    now = clock().now()
    if may_act(now):
        drop_copies(now)


CHORES = (
    *(Chore(duty.name, 5.0, partial(_do_duty, duty)) for duty in DUTIES),
    Chore("scrubbing", 5.0, scrub_again),
    Chore("delivery", 1.0, _deliver),
    Chore("copies", 60.0, _drop_copies),
    Chore("replies", 5.0, lambda: look_for_replies(clock().now())),
    Chore("watching", 5.0, lambda: look_at_watched(clock().now())),
)


async def do_chores(*chores: Chore) -> None:
    """Do them until cancelled, in threads of their own: those that wait keep nobody from being answered."""
    threads = ThreadPoolExecutor(len(chores), "chore")
    try:
        await asyncio.gather(*(_forever(chore, threads) for chore in chores))
    finally:
        threads.shutdown(wait=False)


async def _forever(chore: Chore, threads: Executor) -> None:
    loop = asyncio.get_running_loop()
    while True:  # noqa: ASYNC110 - each turn is a piece of work, and time is what it waits for
        await asyncio.sleep(await loop.run_in_executor(threads, attempt, chore))


def attempt(chore: Chore) -> float:
    """Do a chore once, whatever it raises; says in how many seconds it is to be done again."""
    try:
        chore.do()
    except BaseException as error:  # noqa: BLE001 - what dies here would not be missed for days
        failures = note_failed(chore.name, clock().now())
        wait: float = min(chore.every_seconds * 2 ** min(failures, _MOST_DOUBLINGS), _LATEST_SECONDS)
        words = "The chore %s failed, %d in a row: %s. It is done again in %.0f seconds."
        logger.error(words, chore.name, failures, fault(error), wait)  # noqa: TRY400 - its own text may quote what people wrote
        return wait
    if note_done(chore.name, clock().now()):
        logger.warning("The chore %s is done again.", chore.name)
    return chore.every_seconds
