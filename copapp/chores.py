"""What every worker process does beside answering: time's work, sending, reading, looking."""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from copapp.clock import clock
from copapp.database import reading, scrub, writing
from copapp.services.delivery import deliver_due
from copapp.services.mailbox import look_for_replies
from copapp.services.upkeep import is_due, keep_up
from copapp.services.watching import look_at_watched

logger = logging.getLogger(__name__)

_UPKEEP_EVERY_SECONDS = 5.0
_DELIVERY_EVERY_SECONDS = 1.0
_REPLIES_EVERY_SECONDS = 5.0
_WATCHED_EVERY_SECONDS = 5.0


async def do_chores() -> None:
    """Do them until cancelled; one that fails is done again."""
    await asyncio.gather(
        _forever(_upkeep, _UPKEEP_EVERY_SECONDS),
        _forever(_delivery, _DELIVERY_EVERY_SECONDS),
        _forever(_replies, _REPLIES_EVERY_SECONDS),
        _forever(_watched, _WATCHED_EVERY_SECONDS),
    )


async def _forever(chore: Callable[[], None], every: float) -> None:
    while True:
        try:
            await asyncio.to_thread(chore)
        except (SQLAlchemyError, OSError) as error:
            # Its own text may quote what people wrote.
            logger.error("A chore failed and is done again: %s", type(error).__name__)  # noqa: TRY400
        await asyncio.sleep(every)


def _upkeep() -> None:
    now = clock().now()
    with reading() as db:
        if not is_due(db, now):
            return
    with writing() as db:
        erased = keep_up(db, now)
    if erased:
        scrub()


def _delivery() -> None:
    deliver_due(clock().now())


def _replies() -> None:
    look_for_replies(clock().now())


def _watched() -> None:
    look_at_watched(clock().now())
