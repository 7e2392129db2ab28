"""Meeting requests, their history, what they hold, and what is to be told; instants are stored in UTC."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, false
from sqlmodel import Field

from copapp.models.table import Table

# SQLite would give the highest number again once its row is gone; PostgreSQL never does.
_NEVER_TWICE = {"sqlite_autoincrement": True}


class RequestStatus(StrEnum):
    """Where a request stands; an erased one has no row, only a tombstone."""

    PENDING = "pending"
    PROPOSED = "proposed"
    COUNTERED = "countered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    ERASED = "erased"


class Actor(StrEnum):
    """Who made a move."""

    DELEGATE = "delegate"
    STAFF = "staff"
    CLOCK = "clock"


class MoveKind(StrEnum):
    """What was done to a request: one line of its history each."""

    ASK = "ask"
    PROPOSE = "propose"
    COUNTER = "counter"
    ACCEPT = "accept"
    DECLINE = "decline"
    CANCEL = "cancel"
    REASSIGN = "reassign"
    LAPSE = "lapse"
    ERASE = "erase"


class MeetingRequest(Table, table=True):
    """One person asking to meet us. `event` and `room` are slugs, `slot` the wish (None: any time).

    `starts`, `ends`, `place` and `room` are the agreed meeting, still there while a move is proposed
    (`is_held`); `proposal` is the history line that waits for an answer. `folded` is name, organisation,
    e-mail and reason as search sees them (`domain.folding`): a copy of them, and as personal as they are.
    The number of one that was erased is never another's: staff's pages, links and acts go by it.
    `mailbox` is the e-mail address as it is counted (`domain.mail_address`). Of one that `is_held_back` from
    staff's list, because too many waited already, nobody was told anything; to its delegate it waits.
    """

    __table_args__ = _NEVER_TWICE

    id: int | None = Field(default=None, primary_key=True)
    key_hash: str = Field(unique=True)
    token_hash: str = Field(unique=True)
    digest: str
    uid: str = Field(unique=True)
    status: RequestStatus = Field(default=RequestStatus.PENDING, index=True)
    name: str
    organisation: str
    email: str = Field(index=True)
    mailbox: str = Field(default="", index=True, sa_column_kwargs={"server_default": ""})
    reason: str
    folded: str = Field(default="", sa_column_kwargs={"server_default": ""})
    language: str
    event: str | None = None
    slot: datetime | None = None
    whom_id: int | None = Field(default=None, foreign_key="staffmember.id", index=True)
    member_id: int | None = Field(default=None, foreign_key="staffmember.id", index=True)
    starts: datetime | None = None
    ends: datetime | None = None
    place: str = ""
    room: str | None = None
    is_held: bool = False
    is_held_back: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    proposal: int | None = None
    sequence: int = 0
    created_at: datetime
    updated_at: datetime


class MeetingMove(Table, table=True):
    """One line of a request's history. `words` were written for the other side, and go to it.

    `starts`, `ends`, `place`, `room` and `member_id` say what was proposed or agreed, `staff_id` who of us
    did it, `sequence` the calendar entry's number (RFC 5545, 3.8.7.4) after it.
    """

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="meetingrequest.id", index=True)
    at: datetime
    actor: Actor
    staff_id: int | None = Field(default=None, foreign_key="staffmember.id")
    kind: MoveKind
    status: RequestStatus
    member_id: int | None = Field(default=None, foreign_key="staffmember.id")
    starts: datetime | None = None
    ends: datetime | None = None
    place: str = ""
    room: str | None = None
    words: str = ""
    sequence: int = 0


class MeetingNote(Table, table=True):
    """What staff tell each other about a request; it never leaves them."""

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="meetingrequest.id", index=True)
    staff_id: int = Field(foreign_key="staffmember.id")
    at: datetime
    text: str


class Hold(Table, table=True):
    """Five minutes of a staff member that an accepted meeting holds: no two meetings can.

    The primary key is the rule against overlaps, the same in every database; `block` counts five minutes
    since 1970.
    """

    member_id: int = Field(foreign_key="staffmember.id", primary_key=True)
    block: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    request_id: int = Field(foreign_key="meetingrequest.id", index=True)


class Tombstone(Table, table=True):
    """All that is left of an erased request."""

    token_hash: str = Field(primary_key=True)


class Channel(StrEnum):
    """How a message goes out."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class Topic(StrEnum):
    """What a message tells."""

    RECEIPT = "receipt"
    MOVE = "move"
    REMINDER = "reminder"
    RELEASE = "release"


class OutboxMessage(Table, table=True):
    """One message to be delivered, written with the change it tells of; its text is made when it is sent.

    To the requester, or to the staff member `member_id`, or (webhook) to the staff's channel. It tells of a
    move, of that `kind`, or of what the `release` of that number changed. It is free to
    be sent from `due_at` on; whoever sends it claims it until `claimed_until`. `message_id` (RFC 5322, 3.6.4)
    never changes. An erased request leaves only webhook rows, which name nobody.
    """

    id: int | None = Field(default=None, primary_key=True)
    request_id: int | None = Field(default=None, foreign_key="meetingrequest.id", index=True)
    move_id: int | None = Field(default=None, foreign_key="meetingmove.id", index=True)
    member_id: int | None = Field(default=None, foreign_key="staffmember.id")
    channel: Channel
    topic: Topic
    kind: MoveKind | None = None
    release: int | None = None
    message_id: str = Field(unique=True)
    created_at: datetime
    due_at: datetime = Field(index=True)
    attempts: int = 0
    claimed_until: datetime | None = None
    sent_at: datetime | None = Field(default=None, index=True)
    error: str = ""


class MeetingReply(Table, table=True):
    """An answer that a calendar program sent to an invitation: remembered, so that it counts once.

    Nothing of its text and nobody's address is kept. `digest` is a keyed hash of it, `stamped` its DTSTAMP;
    `act` is what it did (`domain.reply.Act`), "" where it was unclear; `reason` is what staff have to look at
    (`domain.reply.Unclear`) until `seen_at`, `starts` the time that was wished for instead.
    """

    __table_args__ = _NEVER_TWICE

    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(unique=True)
    request_id: int | None = Field(default=None, foreign_key="meetingrequest.id", index=True)
    at: datetime
    stamped: datetime | None = None
    act: str = ""
    reason: str = ""
    starts: datetime | None = None
    seen_at: datetime | None = None


class MailboxMark(Table, table=True):
    """How far a mailbox of replies was read: its numbering (UIDVALIDITY) and the last number in it.

    Whoever looks has it for itself until `free_at`; `error` is why the last look failed, `name` a keyed hash.
    """

    name: str = Field(primary_key=True)
    validity: int = Field(default=0, sa_type=BigInteger)
    last: int = Field(default=0, sa_type=BigInteger)
    free_at: datetime
    error: str = ""
