"""What a meeting request may become: one table of moves, and when an unanswered one lapses."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from copapp.models import Actor, MoveKind, RequestStatus

BLOCK = timedelta(minutes=5)
LONGEST = timedelta(hours=4)

_PENDING, _PROPOSED, _COUNTERED = RequestStatus.PENDING, RequestStatus.PROPOSED, RequestStatus.COUNTERED
_ACCEPTED = RequestStatus.ACCEPTED

OPEN = frozenset({_PENDING, _PROPOSED, _COUNTERED})
CLOSED = frozenset({RequestStatus.DECLINED, RequestStatus.CANCELLED, RequestStatus.LAPSED})

_Rule = tuple[RequestStatus, MoveKind, Actor]

# From, what, who: what it becomes. What is not here cannot be done.
MOVES: dict[_Rule, RequestStatus] = {
    (_PENDING, MoveKind.ACCEPT, Actor.STAFF): _ACCEPTED,
    (_COUNTERED, MoveKind.ACCEPT, Actor.STAFF): _ACCEPTED,
    (_PROPOSED, MoveKind.ACCEPT, Actor.DELEGATE): _ACCEPTED,
    (_PENDING, MoveKind.PROPOSE, Actor.STAFF): _PROPOSED,
    (_PROPOSED, MoveKind.PROPOSE, Actor.STAFF): _PROPOSED,
    (_COUNTERED, MoveKind.PROPOSE, Actor.STAFF): _PROPOSED,
    (_ACCEPTED, MoveKind.PROPOSE, Actor.STAFF): _PROPOSED,
    (_PROPOSED, MoveKind.COUNTER, Actor.DELEGATE): _COUNTERED,
    (_PENDING, MoveKind.DECLINE, Actor.STAFF): RequestStatus.DECLINED,
    (_PROPOSED, MoveKind.DECLINE, Actor.STAFF): RequestStatus.DECLINED,
    (_COUNTERED, MoveKind.DECLINE, Actor.STAFF): RequestStatus.DECLINED,
    (_PROPOSED, MoveKind.DECLINE, Actor.DELEGATE): RequestStatus.DECLINED,
    (_ACCEPTED, MoveKind.CANCEL, Actor.STAFF): RequestStatus.CANCELLED,
    **{
        (status, MoveKind.CANCEL, Actor.DELEGATE): RequestStatus.CANCELLED
        for status in (_PENDING, _PROPOSED, _COUNTERED, _ACCEPTED)
    },
    **{(status, MoveKind.REASSIGN, Actor.STAFF): status for status in (_PENDING, _COUNTERED, _ACCEPTED)},
    **{(status, MoveKind.LAPSE, Actor.CLOCK): RequestStatus.LAPSED for status in OPEN},
}

# An agreed meeting whose move is refused, or not answered in time, stands as it was.
_FALLS_BACK = {MoveKind.DECLINE, MoveKind.LAPSE}


class MoveRefusedError(ValueError):
    """The table holds no such move; `status` is where the request stands."""

    def __init__(self, status: RequestStatus, kind: MoveKind) -> None:
        super().__init__(f"A request that is {status} cannot take: {kind}")
        self.status = status
        self.kind = kind


def after(status: RequestStatus, kind: MoveKind, actor: Actor, *, is_held: bool = False) -> RequestStatus:
    """Give what a request becomes; `is_held`: an agreed time is still held. Raises MoveRefusedError."""
    becomes = MOVES.get((status, kind, actor))
    if becomes is None:
        raise MoveRefusedError(status, kind)
    return _ACCEPTED if is_held and status in OPEN and kind in _FALLS_BACK else becomes


@dataclass(frozen=True)
class Terms:
    """When, where and with whom; instants are aware, `room` a slug or None, `member_id` who of us."""

    starts: datetime
    ends: datetime
    member_id: int
    place: str = ""
    room: str | None = None


class TermsError(ValueError):
    """Times that cannot be; `code` is a key of the catalogues."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_times(starts: datetime, ends: datetime, now: datetime) -> None:
    """Refuse times that are past, backwards, too long, or off the grid of five minutes."""
    if starts <= now:
        raise TermsError("past")
    if not timedelta() < ends - starts <= LONGEST:
        raise TermsError("length")
    if starts.timestamp() % BLOCK.total_seconds() or ends.timestamp() % BLOCK.total_seconds():
        raise TermsError("grid")


def blocks(starts: datetime, ends: datetime) -> range:
    """Number the five minutes that a meeting holds, counted since 1970; its end is free again."""
    seconds = int(BLOCK.total_seconds())
    return range(int(starts.timestamp()) // seconds, -(-int(ends.timestamp()) // seconds))


def lapses_at(
    slot: datetime | None, proposed: datetime | None, held: datetime | None, closes: datetime
) -> datetime:
    """Say when an open request lapses: as the first time that is talked of begins, or at the end."""
    return min(each for each in (proposed or slot, held, closes) if each is not None)
