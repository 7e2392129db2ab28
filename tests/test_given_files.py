"""What staff give to an import: theirs alone, the latest few, for a day."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from copapp.domain.imported import ProgrammeFileError
from copapp.domain.source import SourceProgramme
from copapp.interop.readers import limits
from copapp.models import GivenFile
from copapp.services.given_files import KEPT_EACH, keep_file, kept_file
from copapp.services.moves import NotAllowedError
from tests.meeting_requests import MONDAY, Staffed, do_duties, due_duties, staffed


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    return staffed(db, cop14)


def kept(db: Session) -> set[bytes]:
    return {each.content for each in db.exec(select(GivenFile))}


def test_the_latest_few_are_kept_and_the_same_once(house: Staffed) -> None:
    for minute, content in enumerate([b"a", b"b", b"a", b"c", b"d"]):
        keep_file(house.db, house.aigul, content, MONDAY + timedelta(minutes=minute))

    assert KEPT_EACH == 3
    assert kept(house.db) == {b"a", b"c", b"d"}


def test_nobody_gets_anothers(house: Staffed) -> None:
    name = keep_file(house.db, house.aigul, b"a", MONDAY)

    assert kept_file(house.db, house.aigul, name) == b"a"
    assert kept_file(house.db, house.bolat, name) is None
    assert kept_file(house.db, house.aigul, "") is None


def test_they_go_after_a_day(house: Staffed) -> None:
    keep_file(house.db, house.aigul, b"a", MONDAY)
    keep_file(house.db, house.bolat, b"b", MONDAY + timedelta(hours=1))
    later = MONDAY + timedelta(days=1, minutes=1)

    assert due_duties(house.db, MONDAY + timedelta(hours=23)) == []
    assert due_duties(house.db, later) == ["files"]
    do_duties(house.db, later)

    assert kept(house.db) == {b"b"}


def test_larger_than_any_or_from_nobody_is_refused(house: Staffed) -> None:
    with pytest.raises(ProgrammeFileError):
        keep_file(house.db, house.aigul, b"x" * (limits.BYTES + 1), MONDAY)
    house.aigul.disabled_at = MONDAY
    with pytest.raises(NotAllowedError):
        keep_file(house.db, house.aigul, b"a", MONDAY)

    assert kept(house.db) == set()
