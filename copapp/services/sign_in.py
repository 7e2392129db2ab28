"""Signing in, slowed down for who guesses and not for the owner.

What is counted are failures, under keyed hashes, before a password is looked at. A browser in which the
account signed in before (`devices`) has a count of its own: no stranger's guess makes it wait. Any other
counts for its network (/24 of IPv4, /48 of IPv6):

- an account from a network has five an hour free, then a wait that doubles, up to a quarter of an hour;
- a network has a thousand an hour, whatever the accounts, then a minute each;
- an account that fifty came for within an hour is under attack: a network that has not failed there that day
  is looked at at once, any other waits half a minute, doubling up to half a day;
- an account that ten thousand came for within a day has one try a minute from all unknown browsers together.

So who owns N networks gets 12 N guesses a day at one account, at most 11,440 in all. A new browser of the
owner is kept waiting only then (by a thousand networks for a whole day), in a network where somebody guesses
all the time, and while two hundred networks and more have something looked at in the same moment (`hashing`).
Known browsers and one-time links are let in whatever happens.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, func, select

from copapp.domain import network as networks
from copapp.models import Attempt, StaffMember
from copapp.services import audit
from copapp.services.staff import (
    member_by_email,
    open_session,
    plain_address,
    session_member,
    sign_out,
    sign_out_everywhere,
)
from copapp.services.tokens import count_alone, keyed_hash
from copapp.services.waits import is_recent

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class _Limit:
    """After `free` failures in `window` the next try waits `first`, then twice as long each time.

    It never waits longer than `longest`.
    """

    kind: str
    free: int
    longest: timedelta
    first: timedelta = timedelta(seconds=1)
    window: timedelta = _HOUR

    def wait(self, failures: int) -> timedelta:
        beyond = failures - self.free
        return min(self.first * 2 ** min(beyond, 20), self.longest) if beyond >= 0 else timedelta()


_MINUTE = timedelta(minutes=1)
_DEVICE = _Limit("sign-in by", 5, timedelta(minutes=15))
_PAIR = _Limit("sign-in from", 5, timedelta(minutes=15))
_PAIR_UNDER_ATTACK = _Limit("sign-in from", 1, timedelta(hours=12), timedelta(seconds=30), _DAY)
_ACCOUNT = _Limit("sign-in as", 10_000, _MINUTE, _MINUTE, _DAY)
_NETWORK = _Limit("sign-in at", 1000, _MINUTE)
_ATTACK = 50
_IPV6_BITS = 48

Key = tuple[_Limit, str]


class SignInRefusedError(PermissionError):
    """Try again in `retry_after`."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(f"Wait {retry_after.total_seconds():.0f} s")
        self.retry_after = retry_after


def count_try(db: Session, email: str, address: str, now: datetime, device: str = "") -> None:
    """Count a try as failed before it is looked at, or refuse to look. Raises SignInRefusedError.

    Counting first means that a hundred tries at once are a hundred. `device` is what the browser keeps of
    this account (`devices.known_device`).
    """
    count_alone(db)
    keys = _keys(db, email, address, device)
    waits = [_left(db, limit, key, now) for limit, key in _as_it_stands(db, keys, now)]
    if max(waits) > timedelta():
        raise SignInRefusedError(max(waits))
    db.add_all([Attempt(kind=limit.kind, key=key, at=now) for limit, key in keys])
    db.flush()


def may_try_own(db: Session, me: StaffMember, session: str, now: datetime) -> bool:
    """Count a try at one's own password by the session; False, and written down, if it has to wait."""
    try:
        count_try(db, me.email, "", now, session)
    except SignInRefusedError:
        note_refusal(db, me.email, now)
        return False
    return True


def forgive(db: Session, email: str, address: str, device: str = "") -> None:
    """Forget the failures of this browser or network with this account, and this try: its owner is here."""
    own, *shared = _keys(db, email, address, device)
    db.exec(delete(Attempt).where(*_of(own)))
    for each in shared:
        last = select(Attempt.id).where(*_of(each)).order_by(col(Attempt.id).desc()).limit(1)
        db.exec(delete(Attempt).where(col(Attempt.id).in_(last)))


def note_failure(db: Session, email: str, now: datetime) -> None:
    """Write down that a password was wrong, without what was typed; one line an hour for each account."""
    audit.note_again(db, "sign_in_failed", _slug(db, email), now, counts=True)


def note_refusal(db: Session, email: str, now: datetime) -> None:
    """Write down that a try was not looked at: once an hour, however many come."""
    audit.note_again(db, "sign_in_refused", _slug(db, email), now, counts=False)


def let_in(db: Session, member: StaffMember, now: datetime, browser: str = "") -> str:
    """Sign one of us in, and write it down; gives the cookie's token."""
    audit.note(db, member, "sign_in", member.slug, now)
    return open_session(db, member.id or 0, now, browser)


def let_out(db: Session, token_hash: str, now: datetime, *, everywhere: bool) -> None:
    """End a session, or all of whose it is, and write it down. No-op if it has ended."""
    member = session_member(db, token_hash, now)
    if member and everywhere:
        sign_out_everywhere(db, member.id or 0)
    if member:
        audit.note(db, member, "sign_out_everywhere" if everywhere else "sign_out", member.slug, now)
    sign_out(db, token_hash)


def _slug(db: Session, email: str) -> str:
    member = member_by_email(db, email)
    return member.slug if member else ""


def password_of(db: Session, email: str) -> tuple[int, str]:
    """Give the account and its password's hash; 0 and "" where nobody can sign in."""
    member = member_by_email(db, email)
    if member is None or member.disabled_at is not None:
        return 0, ""
    return member.id or 0, member.password_hash


def network_of(address: str) -> str:
    """Give the network that is counted as one: of IPv6 as much as one customer of a provider may have."""
    return networks.network_of(address, _IPV6_BITS)


def _keys(db: Session, email: str, address: str, device: str) -> list[Key]:
    """Give what is counted, first what is the browser's or network's own with this account."""
    account, network = plain_address(email), network_of(address)
    if device:
        named = [(_DEVICE, device)]
    else:
        named = [(_PAIR, f"{account} {network}"), (_ACCOUNT, account), (_NETWORK, network)]
    return [(limit, keyed_hash(db, limit.kind, value)) for limit, value in named]


def _as_it_stands(db: Session, keys: list[Key], now: datetime) -> list[Key]:
    """Give the limits that hold now: stricter ones for an account under attack."""
    is_attacked = any(
        limit is _ACCOUNT and _count(db, (limit, key), now, _HOUR)[0] >= _ATTACK for limit, key in keys
    )
    return [(_PAIR_UNDER_ATTACK if is_attacked and limit is _PAIR else limit, key) for limit, key in keys]


def _left(db: Session, limit: _Limit, key: str, now: datetime) -> timedelta:
    failures, last = _count(db, (limit, key), now, limit.window)
    return min(last, now) + limit.wait(failures) - now if failures and last else timedelta()


def _count(db: Session, key: Key, now: datetime, window: timedelta) -> tuple[int, datetime | None]:
    recent = select(func.count(), func.max(Attempt.at)).where(*_of(key), is_recent(Attempt.at, now, window))
    return db.exec(recent).one()


def _of(key: Key) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    limit, hashed = key
    return col(Attempt.kind) == limit.kind, col(Attempt.key) == hashed
