"""The live state of an answer that somebody pastes; the answer itself is not kept."""

import asyncio
from typing import Any

import reflex as rx

from copapp.clock import clock
from copapp.database import writing
from copapp.models import StaffMember
from copapp.services.moves import NotAllowedError
from copapp.services.replies import Outcome, paste_reply
from copapp.staff.signed_in import signed_in


class RepliesState(rx.State):
    """What became of the last one: what it did (`act`), or why it did nothing (`why`)."""

    is_told: bool = False
    is_repeated: bool = False
    is_refused: bool = False
    act: str = ""
    why: str = ""
    request: int = 0

    @rx.event
    async def open_replies(self) -> None:
        """Begin with nothing."""
        self.reset()

    @rx.event
    async def follow(self, given: dict[str, Any]) -> None:
        """Follow an answer, and say what became of it."""
        me = await signed_in()
        content = str(given.get("reply", "")).encode("utf-8", "replace")
        found = await asyncio.to_thread(_follow, me, content)
        self.is_told, self.is_refused = True, found is None
        self.is_repeated = bool(found and found.is_repeated)
        self.act, self.why = (found.act or "", found.reason or "") if found else ("", "")
        self.request = (found.request_id or 0) if found else 0


def _follow(me: StaffMember, content: bytes) -> Outcome | None:
    try:
        with writing() as db:
            return paste_reply(db, me, content, clock().now())
    except NotAllowedError:
        return None
