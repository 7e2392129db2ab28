"""What one of us is engaged in, and what of it clashes, as the services find it in the database."""

import pytest
from sqlmodel import Session

from copapp.domain.clashes import ClashKind, Verdict
from copapp.domain.source import SourceProgramme
from copapp.services.engagements import clashes_of, covered_clashes
from copapp.services.meetings import accept
from copapp.services.slots import the_conference
from tests.meeting_requests import MONDAY, TEN, Staffed, add_member, asked, minutes, staffed, terms

CATS_BEGIN = TEN + minutes(225)  # 13:45 at the venue


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    return staffed(db, cop14)


def test_covered_events_of_the_real_tuesday_clash_at_both_ends(house: Staffed) -> None:
    covers = ("saiga-recovery", "saiga-networking", "cats-of-the-silk-road", "ecological-connectivity")
    dana = add_member(house.db, "dana", covers=covers)

    found = covered_clashes(house.db, [dana.id or 0])[dana.id or 0]

    titles = {
        slug: [(each.other.name.split()[0], each.judgement.verdict) for each in clashing]
        for slug, clashing in found.items()
    }
    assert titles == {
        "saiga-recovery": [("Saiga", Verdict.CERTAIN)],
        "saiga-networking": [("Recognising", Verdict.CERTAIN), ("Cats", Verdict.POSSIBLE)],
        "cats-of-the-silk-road": [("Saiga", Verdict.POSSIBLE)],
        "ecological-connectivity": [],
    }


def test_agreed_meetings_are_in_the_way_of_covered_events_and_of_terms(house: Staffed) -> None:
    dana = add_member(house.db, "dana", covers=("cats-of-the-silk-road",))
    before_cats = terms(dana, CATS_BEGIN - minutes(35), 30, "snow-leopard")
    assert [
        (each.judgement.kind, each.judgement.gap, each.judgement.walk)
        for each in clashes_of(house.db, before_cats)
    ] == [(ClashKind.WALK, 5, 10)]

    request = asked(house.db, slot=None)
    accept(house.db, request.id or 0, dana, before_cats, MONDAY)

    [clash] = covered_clashes(house.db, [dana.id or 0])[dana.id or 0]["cats-of-the-silk-road"]
    assert clash.other.is_meeting
    assert clash.judgement.kind is ClashKind.WALK
    assert clashes_of(house.db, before_cats, but=request.id) != []
    assert len(clashes_of(house.db, before_cats)) == 2


def test_assumed_length_of_the_conference_decides_what_is_possible(house: Staffed) -> None:
    dana = add_member(house.db, "dana", covers=("saiga-networking",))
    at_cats = terms(dana, CATS_BEGIN, 30)
    [clash] = clashes_of(house.db, at_cats)
    judged = clash.judgement
    assert (judged.verdict, judged.assumed, judged.walk) == (Verdict.POSSIBLE, 60, 12)

    the_conference(house.db).assumed_length_minutes = 30

    assert clashes_of(house.db, at_cats) == []
