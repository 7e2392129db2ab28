"""Why a message did not go out."""

from collections.abc import Iterator
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


class Step(StrEnum):
    """Where on its way a message stopped; keys of the staff's catalogue."""

    NAME = "name"
    CONNECTION = "connection"
    SILENCE = "silence"
    GREETING = "greeting"
    TLS = "tls"
    CERTIFICATE = "certificate"
    SIGN_IN = "sign_in"
    SENDER = "sender"
    RECIPIENT = "recipient"
    MESSAGE = "message"
    LOST = "lost"
    STATUS = "status"
    PRIVATE = "private"


class UnsentError(RuntimeError):
    """A message did not go out; `words` are the other side's, without addresses of ours."""

    def __init__(self, reason: Reason, words: str, step: Step = Step.MESSAGE) -> None:
        super().__init__(f"{reason}: {words}")
        self.reason, self.words, self.step = reason, words, step


def causes(error: BaseException) -> Iterator[BaseException]:
    """Give an error, and what it wraps: libraries say what the system said in words of their own."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__
