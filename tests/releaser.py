"""A process that moves every event and releases, until it is killed; and what must hold then."""

import json
import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlmodel import Session, col, select

from copapp.database import reading, writing
from copapp.models import AuditEntry, Release, StaffMember
from copapp.services import draft, releasing
from copapp.services.draft import Batch
from copapp.services.queries import draft_events

STEP = timedelta(minutes=5)
_BEGIN = datetime(2024, 2, 1, tzinfo=UTC)


def move_and_release(db: Session, by: StaffMember, now: datetime) -> Release:
    """Move every event by one step and release it, in one transaction."""
    seen = {event.slug: event.version for event in draft_events(db)}
    draft.change_several(db, by, seen, Batch(minutes=int(STEP.total_seconds() // 60)), now)
    return releasing.make_release(db, by, releasing.preview(db).digest, "", now)


def release_for_ever() -> None:
    """Release on and on; each number is printed once it is kept."""
    for turn in count():
        with writing() as db:
            by = db.exec(select(StaffMember)).first()
            assert by is not None
            number = move_and_release(db, by, _BEGIN + turn * STEP).number
        print(number, flush=True)


def kill_while_releasing(dice: random.Random) -> int:
    """Let another process release a few times and kill it somewhere in the next; give the last it told."""
    command = [sys.executable, "-m", "tests.releaser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": "."}) as process:
        assert process.stdout is not None
        told = int(process.stdout.readline())
        started = time.monotonic()
        for _ in range(1 + dice.randrange(2)):
            told = int(process.stdout.readline())
        time.sleep(dice.uniform(0, time.monotonic() - started))
        process.kill()
        rest = process.stdout.read().split()
    return int(rest[-1]) if rest else told


def half_published(told: int) -> list[str]:
    """List what is torn: between releases, within one, beside the draft, or untrue to what was told."""
    with reading() as db:
        releases = list(db.exec(select(Release).order_by(col(Release.number))))
        starts = {event.slug: event.starts for event in draft_events(db)}
        notes = db.exec(select(AuditEntry).where(AuditEntry.act == "release")).all()
        wrong = []
        if [each.number for each in releases] != list(range(1, len(releases) + 1)):
            wrong.append("the numbers have a gap")
        if len(releases) < told:
            wrong.append(f"release {told} was told and is gone")
        if len(notes) != len(releases) - 1:
            wrong.append(f"{len(notes)} notes tell of {len(releases) - 1} releases")
        first = starts_of(releases[0])
        for place, each in enumerate(releases):
            if starts_of(each) != {slug: at + place * STEP for slug, at in first.items()}:
                wrong.append(f"release {each.number} is half of one")
            if {event["sequence"] for event in json.loads(each.document)["events"]} != {place}:
                wrong.append(f"release {each.number} has stamps of another")
        if starts != starts_of(releases[-1]):
            wrong.append("the draft is not what was released last")
        return wrong


def starts_of(release: Release) -> dict[str, datetime]:
    """Give when each event of a release starts, by slug."""
    events = json.loads(release.document)["events"]
    return {each["slug"]: datetime.fromisoformat(each["starts"]).astimezone(UTC) for each in events}


if __name__ == "__main__":
    release_for_ever()
