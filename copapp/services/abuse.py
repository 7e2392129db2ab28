"""Keeps scripts out of the inbox without a third party, and without hurting a venue behind one address.

Nobody is refused for where they come from: when many come at once, or one looks like a script, the phone
must show a proof of work, which a person does not notice and ten thousand requests do.
"""

import hmac
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from copapp.domain.meetings import OPEN
from copapp.domain.proof_of_work import is_solved
from copapp.models import Attempt, MeetingRequest
from copapp.services.senders import requests_of
from copapp.services.tokens import count_alone, keyed_hash
from copapp.services.waits import is_recent

WINDOW = timedelta(minutes=10)
FREE_IN_A_WINDOW = 20
FREE_CALENDARS_IN_A_WINDOW = 200
OPEN_FOR_ONE_RECIPIENT = 8
FORGOTTEN_AFTER = timedelta(days=1)

_BITS = 14
_MORE_BITS_FROM = 500
_MOST_BITS = 20
_PLAIN, _PROVED = "ask", "ask proved"
_CALENDAR, _CALENDAR_PROVED = "calendar", "calendar proved"
_QUICKEST_SECONDS = 3.0


class TooManyOpenError(RuntimeError):
    """This address has many requests that wait for an answer already."""


class ProofWantedError(RuntimeError):
    """The phone must solve `challenge`, to `bits` leading zero bits, and ask again."""

    def __init__(self, challenge: str, bits: int) -> None:
        super().__init__(f"A proof of work of {bits} bits is wanted")
        self.challenge, self.bits = challenge, bits


def check_asker(
    db: Session, address: str, email: str, proof: str, key: str, now: datetime, *, looks_scripted: bool
) -> None:
    """Count a request in, or refuse it. Raises ProofWantedError, TooManyOpenError.

    `address` is where it came from, `proof` what the phone worked out: "challenge.answer".
    """
    count_alone(db)
    _check_recipient(db, email)
    origin = keyed_hash(db, "address", address)
    has_proof = _is_proved(db, proof, key, now)
    if not has_proof and (looks_scripted or _count(db, now, _PLAIN) >= FREE_IN_A_WINDOW):
        raise _wanted(db, origin, now)
    db.add(Attempt(kind=_PROVED if has_proof else _PLAIN, key=origin, at=now))


def check_maker(db: Session, address: str, proof: str, key: str, now: datetime) -> None:
    """Count a new calendar in, or refuse it. Raises ProofWantedError."""
    count_alone(db)
    origin = keyed_hash(db, "address", address)
    has_proof = _is_proved(db, proof, key, now)
    if not has_proof and _count(db, now, _CALENDAR) >= FREE_CALENDARS_IN_A_WINDOW:
        raise _wanted(db, origin, now)
    db.add(Attempt(kind=_CALENDAR_PROVED if has_proof else _CALENDAR, key=origin, at=now))


def looks_scripted(website: str, elapsed: float | None) -> bool:
    """Whether a field that people do not see was filled in, or the form in no time."""
    return bool(website) or (elapsed is not None and elapsed < _QUICKEST_SECONDS)


def has_old_attempts(db: Session, now: datetime) -> bool:
    """Whether something was counted more than a day ago."""
    old = select(Attempt.id).where(~is_recent(Attempt.at, now, FORGOTTEN_AFTER))
    return db.exec(old.limit(1)).first() is not None


def forget_attempts(db: Session, now: datetime) -> int:
    """Forget what was counted a day ago; says how much."""
    return db.exec(delete(Attempt).where(~is_recent(Attempt.at, now, FORGOTTEN_AFTER))).rowcount


def _check_recipient(db: Session, email: str) -> None:
    waiting = requests_of(db, email, col(MeetingRequest.status).in_(OPEN))
    if len(waiting) >= OPEN_FOR_ONE_RECIPIENT:
        raise TooManyOpenError


def _count(db: Session, now: datetime, kind: str, origin: str | None = None) -> int:
    recent = (
        select(func.count())
        .select_from(Attempt)
        .where(Attempt.kind == kind, is_recent(Attempt.at, now, WINDOW))
    )
    return db.exec(recent.where(Attempt.key == origin) if origin else recent).one()


def _wanted(db: Session, origin: str, now: datetime) -> ProofWantedError:
    proved = _count(db, now, _PROVED, origin) + _count(db, now, _CALENDAR_PROVED, origin)
    bits = min(_BITS + max(0, (proved // _MORE_BITS_FROM).bit_length() - 1), _MOST_BITS)
    given = f"{int(now.timestamp())}-{bits}"
    return ProofWantedError(f"{given}-{_signature(db, given)}", bits)


def _signature(db: Session, given: str) -> str:
    return keyed_hash(db, "challenge", given)[:24]


def _is_proved(db: Session, proof: str, key: str, now: datetime) -> bool:
    challenge, _, answer = proof.rpartition(".")
    parts = challenge.split("-")
    if len(parts) != 3 or not (parts[0].isdecimal() and parts[1].isdecimal()) or not answer.isdecimal():  # noqa: PLR2004 - instant, bits, signature
        return False
    is_ours = hmac.compare_digest(_signature(db, f"{parts[0]}-{parts[1]}"), parts[2])
    is_fresh = abs(now.timestamp() - int(parts[0])) <= WINDOW.total_seconds()
    return is_ours and is_fresh and is_solved(challenge, key, answer, int(parts[1]))
