"""The second factor: codes of an authenticator app, and ten of recovery for whoever loses the device.

The secrets lie in the database as they are, as the key of all links does: who has the file has all the rest.
Codes are told by the machine's own time, which the phone with the app shares, also in a preview.
"""

import re
import secrets
from base64 import b32encode
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from copapp.domain.totp import SECRET_LETTERS, step_of
from copapp.models import RecoveryCode, SecondFactor, StaffMember
from copapp.services import audit
from copapp.services.moves import NotAllowedError
from copapp.services.queries import conference
from copapp.services.release import hold_draft
from copapp.services.slots import the_conference
from copapp.services.staff import require_coordinator
from copapp.services.tokens import keyed_hash

RECOVERY_CODES = 10
_HALF = 4


class CodeError(ValueError):
    """No code, or one that is wrong, too old or used."""


def new_secret() -> str:
    """Make a secret that nobody has yet: 20 bytes in base32."""
    return b32encode(secrets.token_bytes(20)).decode()


def set_factor(
    db: Session, me: StaffMember, secret: str, code: str, now: datetime, at: datetime
) -> list[str]:
    """Ask for codes of that secret, once one has shown that the app has it; gives those of recovery.

    `at` is the machine's own time. Raises CodeError, NotAllowedError where one is set already.
    """
    if has_factor(db, me):
        raise NotAllowedError
    step = step_of(secret, code, at) if _is_secret(secret) else 0
    if not step:
        raise CodeError
    db.add(SecondFactor(member_id=me.id, secret=secret, last_step=step, created_at=now))
    made = [_new_code() for _ in range(RECOVERY_CODES)]
    db.add_all(RecoveryCode(member_id=me.id or 0, code_hash=_hashed(db, me, each)) for each in made)
    db.flush()
    audit.note(db, me, "factor_on", me.slug, now)
    return made


def check_code(db: Session, member: StaffMember, code: str, now: datetime, at: datetime) -> None:
    """Use up a code of the app, or of recovery; no-op where none is asked for. Raises CodeError."""
    wanted = select(SecondFactor).where(SecondFactor.member_id == member.id).with_for_update()
    factor = db.exec(wanted).first()
    if factor is None:
        return
    if step := step_of(factor.secret, code, at, factor.last_step):
        factor.last_step = step
        db.add(factor)
        db.flush()
    elif not _use_recovery(db, member, code, now):
        raise CodeError


def remove_factor(db: Session, by: StaffMember | None, member: StaffMember, now: datetime) -> None:
    """Ask no more for codes: of oneself, who has just shown one, or by a coordinator for who lost the app."""
    if by is None or by.id != member.id:
        require_coordinator(by)
    if not has_factor(db, member):
        return
    db.exec(delete(RecoveryCode).where(col(RecoveryCode.member_id) == member.id))
    db.exec(delete(SecondFactor).where(col(SecondFactor.member_id) == member.id))
    audit.note(db, by, "factor_off", member.slug, now)


def has_factor(db: Session, member: StaffMember) -> bool:
    """Whether a code is asked for at sign-in."""
    return factor_since(db, member) is not None


def factor_since(db: Session, member: StaffMember) -> datetime | None:
    """Since when a code is asked for at sign-in."""
    found = db.get(SecondFactor, member.id)
    return found.created_at if found else None


def is_required(db: Session) -> bool:
    """Whether everybody must have one."""
    about = conference(db)
    return about is not None and about.requires_second_factor


def must_set_up(db: Session, member: StaffMember) -> bool:
    """Whether one of us may do nothing else before setting one up."""
    return is_required(db) and not has_factor(db, member)


def require_factor(db: Session, by: StaffMember, now: datetime, *, is_required: bool) -> None:
    """Say whether everybody must have one. No-op if it is so. Raises NotAllowedError."""
    require_coordinator(by)
    about = the_conference(db)
    hold_draft(db, about)
    db.refresh(about)
    was = about.requires_second_factor
    if was != is_required:
        about.requires_second_factor = is_required
        db.add(about)
        db.flush()
        audit.note(db, by, "factor_required", "", now, is_required=(was, is_required))


def _use_recovery(db: Session, member: StaffMember, code: str, now: datetime) -> bool:
    mine = col(RecoveryCode.member_id) == member.id
    used = delete(RecoveryCode).where(mine, col(RecoveryCode.code_hash) == _hashed(db, member, code))
    if not db.exec(used).rowcount:
        return False
    left = db.exec(select(func.count()).select_from(RecoveryCode).where(mine)).one()
    audit.note(db, member, "recovery_code", member.slug, now, left=(left + 1, left))
    return True


def _hashed(db: Session, member: StaffMember, code: str) -> str:
    return keyed_hash(db, "recovery", f"{member.id} {re.sub('[^a-z2-7]', '', code.lower())}")


def _new_code() -> str:
    letters = b32encode(secrets.token_bytes(2 * _HALF)).decode().lower()
    return f"{letters[:_HALF]}-{letters[_HALF : 2 * _HALF]}-{letters[2 * _HALF : 3 * _HALF]}"


def _is_secret(given: str) -> bool:
    return re.fullmatch(f"[A-Z2-7]{{{SECRET_LETTERS}}}", given) is not None
