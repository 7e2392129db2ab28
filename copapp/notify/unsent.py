"""Why a message did not go out."""

from enum import StrEnum


class Reason(StrEnum):
    """In one word; keys of the staff's catalogue."""

    NOT_SET_UP = "not_set_up"
    UNREACHABLE = "unreachable"
    SIGN_IN = "sign_in"
    DELAYED = "delayed"
    REFUSED = "refused"
    QUEUED = "queued"


STOPS_CHANNEL = frozenset({Reason.UNREACHABLE, Reason.SIGN_IN})
"""What would befall every other message of the channel too."""


class UnsentError(RuntimeError):
    """A message did not go out; `words` are the other side's, without addresses of ours."""

    def __init__(self, reason: Reason, words: str) -> None:
        super().__init__(f"{reason}: {words}")
        self.reason = reason
