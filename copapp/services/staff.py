"""Who of us may sign in: accounts, sessions, one-time links. Only hashes of cookies and links are stored."""

import re
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from copapp.domain import meeting_form
from copapp.domain.latin import in_latin
from copapp.models import StaffLink, StaffMember, StaffRole, StaffSession
from copapp.services import audit
from copapp.services.moves import NotAllowedError
from copapp.services.staff_calendars import end_staff_calendars
from copapp.services.tokens import hash_of
from copapp.services.waits import is_live

SESSION_LASTS = timedelta(hours=24)
LINK_LASTS = timedelta(hours=24)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL has no NUL, and half a sign is no UTF-8


class LinkError(LookupError):
    """A link that is unknown, used, too old, or no longer needed."""


class MemberError(ValueError):
    """A name or address that cannot be; `code` is a key of the catalogues."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SessionGoneError(LookupError):
    """It has ended already."""


class LastCoordinatorError(RuntimeError):
    """Somebody must remain who can edit the team."""


def open_session(db: Session, member_id: int, now: datetime, browser: str = "") -> str:
    """Sign one of us in, in a browser of that name; gives the cookie's token, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    db.add(
        StaffSession(
            member_id=member_id,
            token_hash=hash_of(token),
            created_at=now,
            expires_at=now + SESSION_LASTS,
            used_at=now,
            browser=browser,
        )
    )
    db.exec(delete(StaffSession).where(col(StaffSession.expires_at) <= now))
    db.flush()
    return token


def session_member(db: Session, token_hash: str, now: datetime) -> StaffMember | None:
    """Give whose live session this is, by the hash of the cookie's token; None if it is not live."""
    live = _live(now).where(StaffSession.token_hash == token_hash)
    return db.exec(select(StaffMember).join(StaffSession).where(col(StaffSession.id).in_(live))).first()


def live_sessions(db: Session, token_hashes: set[str], now: datetime) -> set[str]:
    """Give those of these sessions that are live."""
    live = _live(now).where(col(StaffSession.token_hash).in_(token_hashes))
    return set(db.exec(select(StaffSession.token_hash).where(col(StaffSession.id).in_(live))))


def coordinators_sessions(db: Session, token_hashes: set[str]) -> set[str]:
    """Give those of these sessions whose member coordinates now."""
    theirs = (
        select(StaffSession.token_hash).join(StaffMember).where(StaffMember.role == StaffRole.COORDINATOR)
    )
    return set(db.exec(theirs.where(col(StaffSession.token_hash).in_(token_hashes))))


def live_session(db: Session, token_hash: str, now: datetime) -> StaffSession | None:
    """Give a session that is live, by the hash of its token."""
    return db.exec(_live_rows(now).where(StaffSession.token_hash == token_hash)).first()


def sessions_of(db: Session, member: StaffMember, now: datetime) -> list[StaffSession]:
    """List the live sessions of one of us, the last opened first."""
    mine = _live_rows(now).where(StaffSession.member_id == member.id)
    return list(db.exec(mine.order_by(col(StaffSession.created_at).desc(), col(StaffSession.id).desc())))


def end_session(db: Session, by: StaffMember, number: int, opened: datetime, now: datetime) -> None:
    """End one of one's own sessions, as it was shown. Raises SessionGoneError if there is none such."""
    session = db.get(StaffSession, number)
    if session is None or (session.member_id, session.created_at) != (by.id, opened):
        raise SessionGoneError
    db.delete(session)
    db.flush()
    audit.note(db, by, "session_end", by.slug, now)


def end_sessions(db: Session, by: StaffMember | None, member: StaffMember, now: datetime) -> None:
    """End every session of a colleague, who can sign in again."""
    require_coordinator(by)
    sign_out_everywhere(db, member.id or 0)
    audit.note(db, by, "sessions_end", member.slug, now)


def mark_used(db: Session, token_hash: str, now: datetime) -> None:
    """Remember when a session was used last."""
    found = col(StaffSession.token_hash) == token_hash
    db.exec(update(StaffSession).where(found).values(used_at=now))


def set_own_password(db: Session, member: StaffMember, password_hash: str, now: datetime) -> None:
    """Set the password of one who knew the old one; every session and link ends."""
    member.password_hash = password_hash
    db.add(member)
    sign_out_everywhere(db, member.id or 0)
    db.exec(delete(StaffLink).where(col(StaffLink.member_id) == member.id))
    db.flush()
    audit.note(db, member, "member_password", member.slug, now)


def _live_rows(now: datetime) -> SelectOfScalar[StaffSession]:
    return select(StaffSession).where(col(StaffSession.id).in_(_live(now)))


def _live(now: datetime) -> SelectOfScalar[Any]:
    return (
        select(StaffSession.id)
        .join(StaffMember)
        .where(is_live(StaffSession.expires_at, now, SESSION_LASTS), col(StaffMember.disabled_at).is_(None))
    )


def sign_out(db: Session, token_hash: str) -> None:
    """End one session. No-op if it has ended."""
    db.exec(delete(StaffSession).where(col(StaffSession.token_hash) == token_hash))


def sign_out_everywhere(db: Session, member_id: int) -> None:
    """End every session of one of us."""
    db.exec(delete(StaffSession).where(col(StaffSession.member_id) == member_id))


def members(db: Session) -> list[StaffMember]:
    """List everybody with an account, disabled ones too, by name."""
    return list(db.exec(select(StaffMember).order_by(col(StaffMember.name), col(StaffMember.id))))


def held_member(db: Session, number: int) -> StaffMember:
    """Hold an account, as it is now, until the end of the transaction.

    Its sessions and links may be made meanwhile: who holds one, and waits for the account, has nobody wait.
    """
    return db.get_one(StaffMember, number, with_for_update={"key_share": True})


def member_by_email(db: Session, email: str) -> StaffMember | None:
    """Find an account by its address, however it was typed; what no database can hold is nobody's."""
    if _UNSTORABLE.search(email):
        return None
    return db.exec(select(StaffMember).where(StaffMember.email == plain_address(email))).first()


def add_member(
    db: Session, by: StaffMember | None, name: str, email: str, role: StaffRole, now: datetime
) -> StaffMember:
    """Add one of us, without a password; `by` is None on the command line. Raises MemberError."""
    require_coordinator(by)
    given = meeting_form.cleaned({"name": name, "email": plain_address(email)})
    for wrong in meeting_form.problems(given):
        if wrong.field in {"name", "email"}:
            raise MemberError(f"{wrong.field}_{wrong.code}")
    if member_by_email(db, given["email"]):
        raise MemberError("email_taken")
    made = StaffMember(
        slug=_free_slug(db, given["name"]),
        name=given["name"],
        email=given["email"],
        role=role,
        created_at=now,
    )
    db.add(made)
    db.flush()
    audit.note(db, by, "member_add", made.slug, now, role=("", str(role)))
    return made


def disable_member(db: Session, by: StaffMember | None, member: StaffMember, now: datetime) -> None:
    """Take an account away until it is enabled; sessions, links and calendars end for good.

    Raises LastCoordinatorError.
    """
    require_coordinator(by)
    _keep_a_coordinator(db, member)
    if member.disabled_at is None:
        audit.note(db, by, "member_disable", member.slug, now)
    member.disabled_at = member.disabled_at or now
    db.add(member)
    sign_out_everywhere(db, member.id or 0)
    db.exec(delete(StaffLink).where(col(StaffLink.member_id) == member.id))
    db.flush()
    end_staff_calendars(db, member, now)


def enable_member(db: Session, by: StaffMember | None, member: StaffMember, now: datetime) -> None:
    """Give an account back; its password is as it was."""
    require_coordinator(by)
    if member.disabled_at is not None:
        audit.note(db, by, "member_enable", member.slug, now)
    member.disabled_at = None
    db.add(member)
    db.flush()


def set_role(
    db: Session, by: StaffMember | None, member: StaffMember, role: StaffRole, now: datetime
) -> None:
    """Say what somebody may do; whoever coordinates no longer loses the team's calendar.

    Raises LastCoordinatorError.
    """
    require_coordinator(by)
    if role is not StaffRole.COORDINATOR:
        _keep_a_coordinator(db, member)
    if member.role is not role:
        audit.note(db, by, "member_role", member.slug, now, role=(str(member.role), str(role)))
    member.role = role
    db.add(member)
    db.flush()
    if role is not StaffRole.COORDINATOR:
        end_staff_calendars(db, member, now, of_team=True)


def make_link(db: Session, by: StaffMember | None, member: StaffMember | None, now: datetime) -> str:
    """Make the one-time link of a member, or (None) of the first coordinator; earlier ones end."""
    require_coordinator(by)
    if member is not None and member.disabled_at is not None:
        raise NotAllowedError
    token = secrets.token_urlsafe(32)
    number = member.id if member else None
    db.exec(delete(StaffLink).where(col(StaffLink.member_id).is_not_distinct_from(number)))
    db.add(StaffLink(member_id=number, token_hash=hash_of(token), expires_at=now + LINK_LASTS))
    db.flush()
    audit.note(db, by, "member_link", member.slug if member else "", now)
    return token


def live_links(db: Session, now: datetime) -> dict[int, StaffLink]:
    """Give each link to choose a password that still works, by its member's number."""
    found = db.exec(select(StaffLink).where(col(StaffLink.member_id).is_not(None), *_works(now)))
    return {each.member_id: each for each in found if each.member_id}


def link_member(db: Session, token: str, now: datetime) -> StaffMember | None:
    """Give whose link this is, None for the first coordinator's. Raises LinkError."""
    return _member_of(db, _link(db, token, now))


def use_link(
    db: Session, token: str, password_hash: str, now: datetime, *, name: str = "", email: str = ""
) -> StaffMember:
    """Set a password once: of the link's member, or of the first coordinator, who is named here.

    All sessions of the member end. Raises LinkError, MemberError.
    """
    _hold_owner(db, token)
    link = _link(db, token, now)
    member = _member_of(db, link) or add_member(db, None, name, email, StaffRole.COORDINATOR, now)
    member.password_hash, link.used_at = password_hash, now
    sign_out_everywhere(db, member.id or 0)
    db.add(member)
    db.add(link)
    db.flush()
    audit.note(db, member, "member_password", member.slug, now)
    return member


def is_set_up(db: Session) -> bool:
    """Whether there is any account."""
    return db.exec(select(StaffMember.id)).first() is not None


def plain_address(email: str) -> str:
    """Give an address as accounts keep it."""
    return unicodedata.normalize("NFC", email.strip()).lower()


def _hold_owner(db: Session, token: str) -> None:
    """Hold the account before its link, as who makes or takes links does: else each waits for the other."""
    owner = select(StaffMember.id).join(StaffLink).where(StaffLink.token_hash == hash_of(token))
    db.exec(owner.with_for_update(of=StaffMember, key_share=True)).all()


def _link(db: Session, token: str, now: datetime) -> StaffLink:
    wanted = select(StaffLink).where(StaffLink.token_hash == hash_of(token), *_works(now)).with_for_update()
    link = db.exec(wanted).first()
    if link is None:
        raise LinkError
    return link


def _works(now: datetime) -> tuple[Any, ...]:
    return col(StaffLink.used_at).is_(None), is_live(StaffLink.expires_at, now, LINK_LASTS)


def _member_of(db: Session, link: StaffLink) -> StaffMember | None:
    if link.member_id is None:
        if is_set_up(db):
            raise LinkError
        return None
    member = db.get_one(StaffMember, link.member_id)
    if member.disabled_at is not None:
        raise LinkError
    return member


def require_coordinator(by: StaffMember | None) -> None:
    if by is not None and (by.disabled_at is not None or by.role is not StaffRole.COORDINATOR):
        raise NotAllowedError


def _keep_a_coordinator(db: Session, but: StaffMember) -> None:
    others = select(StaffMember.id).where(
        StaffMember.role == StaffRole.COORDINATOR,
        col(StaffMember.disabled_at).is_(None),
        StaffMember.id != but.id,
        StaffMember.password_hash != "",
    )
    is_one = but.role is StaffRole.COORDINATOR and but.disabled_at is None
    if is_one and db.exec(others).first() is None:
        raise LastCoordinatorError


def _free_slug(db: Session, name: str) -> str:
    plain = unicodedata.normalize("NFKD", in_latin(name)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "member"
    taken = set(db.exec(select(StaffMember.slug).where(col(StaffMember.slug).startswith(slug))))
    free = (slug if number == 1 else f"{slug}-{number}" for number in range(1, len(taken) + 2))
    return next(each for each in free if each not in taken)
