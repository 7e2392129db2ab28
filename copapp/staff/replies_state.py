"""The live state of an answer that somebody pastes; the answer itself is not kept."""

from typing import Any

import reflex as rx

from copapp.services.moves import NotAllowedError
from copapp.services.replies import paste_reply
from copapp.staff.acts import do


class RepliesState(rx.State):
    """What became of the last one: what it did (`act`), or why it did nothing (`why`)."""

    is_told: bool = False
    is_repeated: bool = False
    problem: str = ""
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
        content = str(given.get("reply", "")).encode("utf-8", "replace")
        done = await do(lambda db, me, now: paste_reply(db, me, content, now), {NotAllowedError: "refused"})
        outcome = done.made
        self.is_told, self.problem = True, done.problem
        self.is_repeated = bool(outcome and outcome.is_repeated)
        self.act, self.why = (outcome.act or "", outcome.reason or "") if outcome else ("", "")
        self.request = (outcome.request_id or 0) if outcome else 0
