"""A staffed conference and requests to it, for tests of services."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlmodel import Session

from copapp.domain.meetings import Terms
from copapp.domain.source import SourceProgramme
from copapp.models import Availability, Coverage, MeetingRequest, StaffMember, StaffRole
from copapp.services.asking import AskForm, ask
from copapp.services.seed import seed
from copapp.services.upkeep import DUTIES, is_due, keep_up

MONDAY = datetime(2024, 2, 12, 4, 0, tzinfo=UTC)
TEN = datetime(2024, 2, 13, 5, 0, tzinfo=UTC)
_keys = count(1)


def minutes(given: int) -> timedelta:
    """Shorten what tests say often."""
    return timedelta(minutes=given)


def add_member(
    db: Session, slug: str, *, shown: bool = True, windows: bool = True, covers: tuple[str, ...] = ()
) -> StaffMember:
    """Add one of us, to be met on Tuesday from 09:00 to 18:00 unless `windows` is false."""
    member = StaffMember(
        slug=slug,
        name=slug.title(),
        email=f"{slug}@altyndala.example",
        role=StaffRole.MEMBER,
        job_title="Saiga",
        languages=["en"],
        is_shown=shown,
        created_at=MONDAY,
    )
    db.add(member)
    db.flush()
    if windows:
        db.add(Availability(member_id=member.id or 0, starts=TEN - minutes(60), ends=TEN + minutes(480)))
    db.add_all(Coverage(member_id=member.id or 0, event=each) for each in covers)
    db.flush()
    return member


def due_duties(db: Session, now: datetime) -> list[str]:
    """Name what time has brought."""
    return [duty.name for duty in DUTIES if is_due(db, duty, now)]


def do_duties(db: Session, now: datetime) -> None:
    """Do all that time has brought, as the chores do."""
    for duty in DUTIES:
        keep_up(db, duty, now)


@dataclass(frozen=True)
class Staffed:
    """An open database with the real programme and two of us."""

    db: Session
    aigul: StaffMember
    bolat: StaffMember


def staffed(db: Session, programme: SourceProgramme) -> Staffed:
    """Seed the programme and add Aigul, who is shown, and Bolat, who is not."""
    seed(db, programme, MONDAY)
    return Staffed(db, add_member(db, "aigul"), add_member(db, "bolat", shown=False))


def form(name: str = "Dana", **given: object) -> AskForm:
    """Fill in a form; each keyword replaces one field."""
    usual = {
        "name": name,
        "organisation": "Ministry of Ecology",
        "email": f"{name.lower()}@ministry.example",
        "reason": "The saiga corridor.",
        "language": "en",
        "slot": TEN,
    }
    return AskForm(**(usual | given))  # type: ignore[arg-type]  # the fields are the form's own


def asked(db: Session, name: str = "Dana", now: datetime = MONDAY, **given: Any) -> MeetingRequest:
    """Ask for a meeting under a new key."""
    return ask(db, form(name, **given), f"key-{next(_keys):08}", now)


def terms(
    member: StaffMember, starts: datetime = TEN, length: int = 30, room: str | None = "ferghana"
) -> Terms:
    """Say when and with whom, in Ferghana unless told otherwise."""
    return Terms(starts, starts + minutes(length), member.id or 0, "Room Ferghana, Expo Centre", room)
