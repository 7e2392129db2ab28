"""Never a half-published programme: a crash in mid-release, a release during an import."""

import random
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

from sqlmodel import col, select

from copapp.database import migrate, reading, writing
from copapp.domain.source import SourceProgramme
from copapp.models import Release, StaffMember
from copapp.services import importing, releasing
from copapp.services.releasing import DraftMovedError, NothingToReleaseError
from tests.conftest import Environment, every_database
from tests.meeting_requests import MONDAY, staffed
from tests.releaser import half_published, kill_while_releasing, starts_of
from tests.test_importing import TEXT

KILLS = 5
FIVE = timedelta(minutes=5)
AT_LEAST = 3
PAUSE_SECONDS = 0.01  # who waits for SQLite's lock gets it between two turns of the other


@every_database
def test_a_crash_in_mid_release_leaves_it_whole_or_unmade(
    environment: Environment, cop14: SourceProgramme
) -> None:
    migrate()
    with writing() as db:
        staffed(db, cop14)
    dice = random.Random(14)

    for _ in range(KILLS):
        assert half_published(kill_while_releasing(dice)) == []


@every_database
def test_a_release_during_an_import_holds_all_of_it_or_nothing(
    environment: Environment, cop14: SourceProgramme
) -> None:
    migrate()
    with writing() as db:
        staffed(db, cop14)
    made = Counter[str]()

    def import_on() -> None:
        content = _five_minutes_later(TEXT)
        while made["releases"] < AT_LEAST:
            with reading() as db:
                seen = importing.look(db, content).seen
            with suppress(DraftMovedError), writing() as db:
                me = db.exec(select(StaffMember).where(StaffMember.slug == "aigul")).one()
                importing.apply_import(db, me, content, seen, frozenset(), MONDAY)
                content = TEXT if content != TEXT else _five_minutes_later(TEXT)
            time.sleep(PAUSE_SECONDS)

    def release_on() -> None:
        while made["releases"] < AT_LEAST:
            with suppress(NothingToReleaseError, DraftMovedError), writing() as db:
                me = db.exec(select(StaffMember).where(StaffMember.slug == "aigul")).one()
                releasing.make_release(db, me, releasing.preview(db).digest, "", MONDAY)
                made["releases"] += 1
            time.sleep(PAUSE_SECONDS)

    with ThreadPoolExecutor(2) as pool:
        for each in (pool.submit(import_on), pool.submit(release_on)):
            each.result()

    with reading() as db:
        first, *later = map(starts_of, db.exec(select(Release).order_by(col(Release.number))))
    moved = [{at - first[slug] for slug, at in each.items()} for each in later]
    assert all(each in ({timedelta()}, {FIVE}) for each in moved)
    assert {FIVE} in moved


def _five_minutes_later(page: bytes) -> bytes:
    def later(found: re.Match[str]) -> str:
        total = int(found[1]) * 60 + int(found[2]) + 5
        return f"{total // 60:02}:{total % 60:02}"

    return re.sub(r"\b(\d\d):(\d\d)\b", later, page.decode()).encode()
