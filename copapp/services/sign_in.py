"""Signing in, slowed down for who guesses and not for a venue behind one address.

What is counted are failures, under keyed hashes: of an account from an address (few, then a growing wait), of
an account (more), of an address (very many). Nobody is locked out for good, and a one-time link always works.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from copapp.models import Attempt
from copapp.services.staff import member_by_email, plain_address
from copapp.services.tokens import keyed_hash
from copapp.services.waits import is_recent

_WINDOW = timedelta(hours=1)


@dataclass(frozen=True)
class _Limit:
    """After `free` failures in an hour each next try waits, twice as long each time, up to `longest`."""

    kind: str
    free: int
    longest: timedelta

    def wait(self, failures: int) -> timedelta:
        beyond = failures - self.free
        return min(timedelta(seconds=2 ** min(beyond, 20)), self.longest) if beyond >= 0 else timedelta()


_PAIR = _Limit("sign-in from", 5, timedelta(minutes=15))
_ACCOUNT = _Limit("sign-in as", 50, timedelta(minutes=1))
_ADDRESS = _Limit("sign-in at", 1000, timedelta(minutes=1))


class SignInRefusedError(PermissionError):
    """Try again in `retry_after`."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(f"Wait {retry_after.total_seconds():.0f} s")
        self.retry_after = retry_after


def count_try(db: Session, email: str, address: str, now: datetime) -> None:
    """Count a try as failed before it is looked at, or refuse to look. Raises SignInRefusedError.

    Counting first means that a hundred tries at once are a hundred.
    """
    keys = _keys(db, email, address)
    waits = [_left(db, limit, key, now) for limit, key in keys]
    if max(waits) > timedelta():
        raise SignInRefusedError(max(waits))
    db.add_all([Attempt(kind=limit.kind, key=key, at=now) for limit, key in keys])
    db.flush()


def forgive(db: Session, email: str, address: str) -> None:
    """Forget the failures of this account from this address: its owner is here."""
    kind, key = _PAIR.kind, _keys(db, email, address)[0][1]
    db.exec(delete(Attempt).where(col(Attempt.kind) == kind, col(Attempt.key) == key))


def password_of(db: Session, email: str) -> tuple[int, str]:
    """Give the account and its password's hash; 0 and "" where nobody can sign in."""
    member = member_by_email(db, email)
    if member is None or member.disabled_at is not None:
        return 0, ""
    return member.id or 0, member.password_hash


def _left(db: Session, limit: _Limit, key: str, now: datetime) -> timedelta:
    recent = select(func.count(), func.max(Attempt.at)).where(
        Attempt.kind == limit.kind, Attempt.key == key, is_recent(Attempt.at, now, _WINDOW)
    )
    failures, last = db.exec(recent).one()
    return min(last, now) + limit.wait(failures) - now if failures else timedelta()


def _keys(db: Session, email: str, address: str) -> list[tuple[_Limit, str]]:
    account, origin = plain_address(email), _origin(address)
    named = ((_PAIR, f"{account} {origin}"), (_ACCOUNT, account), (_ADDRESS, origin))
    return [(limit, keyed_hash(db, limit.kind, value)) for limit, value in named]


def _origin(address: str) -> str:
    """Give what one household or attacker has at least: an IPv4 address, an IPv6 network of 64 bits."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(found if found.version == 4 else ipaddress.ip_network((found, 64), strict=False))  # noqa: PLR2004 - IPv4
