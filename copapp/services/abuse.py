"""Keeps scripts out of the inbox without a third party, and without hurting a venue behind one address.

Nobody is refused for where they come from. When many come at once, or one looks like a script, the phone must
show a proof of work, which a person does not notice and ten thousand requests do. What goes beyond what staff
can read is taken in and held back (`services.held_back`). What is taken back before an answer counts on for
a while as if it waited, against the network that takes it back: else one who asks and takes back, over and
over, would be no flood at all.
"""

import hmac
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from copapp.domain.mail_address import mailbox
from copapp.domain.meetings import OPEN
from copapp.domain.network import network_of
from copapp.domain.proof_of_work import is_solved
from copapp.models import Attempt, MeetingRequest, RequestStatus
from copapp.services.tokens import count_alone, keyed_hash
from copapp.services.waits import is_recent

WINDOW = timedelta(minutes=10)
FREE_IN_A_WINDOW = 20
FREE_CALENDARS_IN_A_WINDOW = 200
FREE_CHANGES_IN_A_WINDOW = 600
OPEN_FOR_ONE_RECIPIENT = 8
UNANSWERED_FROM_ONE_NETWORK = 16
UNANSWERED_FROM_EVERYWHERE = 100
FORGOTTEN_AFTER = timedelta(days=1)
HOLDS_BACK_FOR = timedelta(hours=1)
"""How long what a network took back keeps it off staff's list; the work that makes for all lasts a day."""

_BITS = 14
_MORE_BITS_FROM = 250
_MOST_BITS = 18
_ASK, _ASK_PROVED = "ask", "ask proved"
_CALENDAR, _CALENDAR_PROVED = "calendar", "calendar proved"
_CHANGE, _CHANGE_PROVED = "calendar change", "calendar change proved"
_CHALLENGE = "challenge"
_TAKEN_BACK, _LAPSED = "taken back", "lapsed"
_NO_NETWORK = "no network"
_QUICKEST_SECONDS = 3.0


class TooManyOpenError(RuntimeError):
    """This mailbox has many requests that wait for an answer already."""


class ProofWantedError(RuntimeError):
    """The phone must solve `challenge`, to `bits` leading zero bits, and ask again."""

    def __init__(self, challenge: str, bits: int) -> None:
        super().__init__(f"A proof of work of {bits} bits is wanted")
        self.challenge, self.bits = challenge, bits


def check_asker(
    db: Session, address: str, email: str, proof: str, key: str, now: datetime, *, looks_scripted: bool
) -> bool:
    """Count a request in, or refuse it; says whether it is to be held back.

    `address` is where it came from, `proof` what the phone worked out: "challenge.answer". Raises
    ProofWantedError, TooManyOpenError.
    """
    count_alone(db)
    _check_mailbox(db, email)
    origin = _origin(db, address)
    has_proof = _is_proved(db, proof, _ASK, origin, key, now)
    if not has_proof and (looks_scripted or count_attempts(db, now, _ASK) >= FREE_IN_A_WINDOW):
        raise _wanted(db, _ASK, origin, _flood(db, now), now)
    is_held_back = _is_too_much(db, origin, now)
    db.add(Attempt(kind=_ASK_PROVED if has_proof else _ASK, key=origin, at=now))
    return is_held_back


def check_maker(db: Session, address: str, proof: str, key: str, now: datetime) -> None:
    """Count a new calendar in, or refuse it. Raises ProofWantedError."""
    count_alone(db)
    origin = _origin(db, address)
    has_proof = _is_proved(db, proof, _CALENDAR, origin, key, now)
    if not has_proof and count_attempts(db, now, _CALENDAR) >= FREE_CALENDARS_IN_A_WINDOW:
        raise _wanted(db, _CALENDAR, origin, count_attempts(db, now, _CALENDAR_PROVED), now)
    db.add(Attempt(kind=_CALENDAR_PROVED if has_proof else _CALENDAR, key=origin, at=now))


def check_changer(db: Session, address: str, proof: str, key: str, now: datetime) -> None:
    """Count a change of a calendar in, or raise ProofWantedError: a network may make so many without."""
    count_alone(db)
    origin = _origin(db, address)
    has_proof = _is_proved(db, proof, _CHANGE, origin, key, now)
    if not has_proof and count_attempts(db, now, _CHANGE, origin) >= FREE_CHANGES_IN_A_WINDOW:
        raise _wanted(db, _CHANGE, origin, count_attempts(db, now, _CHANGE_PROVED, origin), now)
    db.add(Attempt(kind=_CHANGE_PROVED if has_proof else _CHANGE, key=origin, at=now))


def count_taken_back(db: Session, address: str | None, now: datetime, *, was_held_back: bool) -> None:
    """Count a request that was cancelled or erased before staff answered it.

    `address` is where that came from, None where it came from no network. It holds that network back, unless
    it was held back itself: that kept nobody busy, and would prolong itself.
    """
    origin = _NO_NETWORK if address is None or was_held_back else _origin(db, address)
    db.add(Attempt(kind=_TAKEN_BACK, key=origin, at=now))


def count_lapsed(db: Session, now: datetime) -> None:
    """Count a request whose time began before staff answered it: its author chose that time."""
    db.add(Attempt(kind=_LAPSED, key=_NO_NETWORK, at=now))


def looks_scripted(website: str, elapsed: float | None) -> bool:
    """Whether a field that people do not see was filled in, or the form in no time or an untold one."""
    return bool(website) or elapsed is None or elapsed < _QUICKEST_SECONDS


def has_old_attempts(db: Session, now: datetime) -> bool:
    """Whether something was counted more than a day ago."""
    old = select(Attempt.id).where(~is_recent(Attempt.at, now, FORGOTTEN_AFTER))
    return db.exec(old.limit(1)).first() is not None


def forget_attempts(db: Session, now: datetime) -> int:
    """Forget what was counted a day ago; says how much."""
    return db.exec(delete(Attempt).where(~is_recent(Attempt.at, now, FORGOTTEN_AFTER))).rowcount


def _origin(db: Session, address: str) -> str:
    return keyed_hash(db, "network", network_of(address))


def _check_mailbox(db: Session, email: str) -> None:
    waiting = select(func.count()).select_from(MeetingRequest)
    waiting = waiting.where(MeetingRequest.mailbox == mailbox(email), col(MeetingRequest.status).in_(OPEN))
    if db.exec(waiting).one() >= OPEN_FOR_ONE_RECIPIENT:
        raise TooManyOpenError


def _is_too_much(db: Session, origin: str, now: datetime) -> bool:
    """Whether staff have enough to answer: very much, or much and as much from this network today.

    Much is what waits, and what this network has just taken back: what others did holds nobody back.
    """
    waiting = _waiting(db, is_held_back=False)
    taken_back = count_attempts(db, now, _TAKEN_BACK, origin, HOLDS_BACK_FOR)
    if max(waiting, taken_back) < UNANSWERED_FROM_ONE_NETWORK:
        return False
    today = sum(count_attempts(db, now, kind, origin, FORGOTTEN_AFTER) for kind in (_ASK, _ASK_PROVED))
    return today >= UNANSWERED_FROM_ONE_NETWORK or waiting >= UNANSWERED_FROM_EVERYWHERE


def _flood(db: Session, now: datetime) -> int:
    """Count what came and staff never answered: what waits, and what no longer does, today."""
    gone = (count_attempts(db, now, each, window=FORGOTTEN_AFTER) for each in (_TAKEN_BACK, _LAPSED))
    return max(_waiting(db) + sum(gone), count_attempts(db, now, _ASK_PROVED))


def _waiting(db: Session, *, is_held_back: bool | None = None) -> int:
    """Count the requests that wait for their first answer, of both kinds or of one."""
    waiting = select(func.count()).select_from(MeetingRequest)
    waiting = waiting.where(MeetingRequest.status == RequestStatus.PENDING)
    if is_held_back is not None:
        waiting = waiting.where(col(MeetingRequest.is_held_back).is_(is_held_back))
    return db.exec(waiting).one()


def count_attempts(
    db: Session, now: datetime, kind: str, key: str | None = None, window: timedelta = WINDOW
) -> int:
    """Count what of a kind, and of one key if one is given, was noted within the window before now."""
    recent = (
        select(func.count())
        .select_from(Attempt)
        .where(Attempt.kind == kind, is_recent(Attempt.at, now, window))
    )
    return db.exec(recent.where(Attempt.key == key) if key else recent).one()


def _wanted(db: Session, purpose: str, origin: str, flood: int, now: datetime) -> ProofWantedError:
    """Make a challenge for one purpose and network; each doubling of a flood takes twice the work."""
    bits = min(_BITS + (flood // _MORE_BITS_FROM).bit_length(), _MOST_BITS)
    given = f"{int(now.timestamp())}-{bits}-{token_hex(4)}"
    return ProofWantedError(f"{given}-{_signature(db, given, purpose, origin)}", bits)


def _signature(db: Session, given: str, purpose: str, origin: str) -> str:
    return keyed_hash(db, "challenge", f"{given} {purpose} {origin}")[:24]


def _is_proved(db: Session, proof: str, purpose: str, origin: str, key: str, now: datetime) -> bool:
    """Whether a challenge of ours for this was solved, lately and for this key; it counts once."""
    challenge, _, answer = proof.rpartition(".")
    given, _, signature = challenge.rpartition("-")
    parts = given.split("-")
    if len(parts) != 3 or not (parts[0].isdecimal() and parts[1].isdecimal()) or not answer.isdecimal():  # noqa: PLR2004 - instant, bits, a number of its own
        return False
    is_ours = hmac.compare_digest(_signature(db, given, purpose, origin).encode(), signature.encode())
    is_fresh = abs(now.timestamp() - int(parts[0])) <= WINDOW.total_seconds()
    if not (is_ours and is_fresh and is_solved(challenge, key, answer, int(parts[1]))):
        return False
    if count_attempts(db, now, _CHALLENGE, signature):
        return False
    db.add(Attempt(kind=_CHALLENGE, key=signature, at=now))
    db.flush()
    return True
