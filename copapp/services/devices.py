"""Which browsers signed in before (OWASP's "device cookies"): what each keeps is signed, and stored nowhere.

It lets nobody in. It holds nothing about anybody, is good for one account, and ends with the password that it
was made under; it says nothing while the account is disabled.
"""

import hmac
import secrets

from sqlmodel import Session

from copapp.models import StaffMember
from copapp.services.staff import member_by_email
from copapp.services.tokens import keyed_hash

LONGEST = 64


def make_device(db: Session, member: StaffMember) -> str:
    """Make what a browser keeps once the account has signed in there."""
    number = secrets.token_urlsafe(16)
    return f"{number}.{_signature(db, member, number)}"


def known_device(db: Session, email: str, kept: list[str]) -> str:
    """Give what the browser keeps of this account, "" if that is nothing or no longer good."""
    member = member_by_email(db, email) if kept else None
    if member is None or member.disabled_at is not None or not member.password_hash:
        return ""
    return next((each for each in kept if _is_of(db, member, each)), "")


def _is_of(db: Session, member: StaffMember, device: str) -> bool:
    number, _, signature = device.partition(".")
    ours = _signature(db, member, number).encode()
    return len(device) <= LONGEST and hmac.compare_digest(ours, signature.encode())


def _signature(db: Session, member: StaffMember, number: str) -> str:
    return keyed_hash(db, "device", f"{number}:{member.id}:{member.password_hash}")[:32]
