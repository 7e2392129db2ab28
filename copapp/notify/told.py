"""All that a message may draw on: what happened, as told to one addressee."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from copapp.models import MoveKind, Topic


class Part(StrEnum):
    """Whom a message goes to: who asked, who of us has the meeting, who of us had it."""

    REQUESTER = "requester"
    MEMBER = "member"
    RELEASED = "released"


@dataclass(frozen=True)
class Host:
    """Who we are and where; `sender` is the address that mail comes from, `zone` the venue's.

    `answers_to` is the address of the mailbox that calendar programs may answer to; "" where there is none.
    """

    organisation: str
    conference: str
    place: str
    zone: str
    sender: str = ""
    answers_to: str = ""


@dataclass(frozen=True)
class EventTold:
    """An event as a release shows it; the title is the source's own."""

    title: str
    starts: datetime
    ends: datetime | None
    room: str
    is_cancelled: bool


@dataclass(frozen=True)
class Told:
    """One thing that happened, for one addressee; nobody else's address is in it.

    `name` and `organisation` are the requester's, `who` is who of us. `had_meeting`: one was agreed before
    this; `has_meeting`: one is agreed now; `is_entry`: calendars change with it; `is_invited`: only
    those that can answer, with what is proposed, or void again. `is_own`: the requester did it. `link` leads
    to a page that only shows. `release` is the number of the one that is told, `before` and `after` the event
    that it changed; `after` None: it is no longer in the programme. `at` is when it happened, `dated` when it
    was to be told. Of `count` requests the same is told together.
    """

    part: Part
    topic: Topic
    kind: MoveKind | None
    language: str
    address: str
    message_id: str
    link: str
    at: datetime
    dated: datetime
    name: str = ""
    organisation: str = ""
    who: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    place: str = ""
    words: str = ""
    had_meeting: bool = False
    has_meeting: bool = False
    is_entry: bool = False
    is_invited: bool = False
    is_own: bool = False
    uid: str = ""
    sequence: int = 0
    release: int = 0
    count: int = 1
    before: EventTold | None = None
    after: EventTold | None = None


def together(news: list[Told]) -> Told:
    """Tell one addressee of several requests in one message, and no more of each than what became of it."""
    first = news[0]
    if len(news) == 1:
        return first
    return replace(first, count=len(news), name="", organisation="", starts=None, ends=None, place="")
