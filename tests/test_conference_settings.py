"""Settings of the conference: one set of rules, never over each other's heads, and no erasure unasked."""

import json
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from copapp.domain.changes import Change
from copapp.domain.event_form import FormProblem
from copapp.domain.source import SourceProgramme
from copapp.interop.conference_item import ConferenceFormError, read_form
from copapp.models import AuditEntry, Conference, MeetingRequest, StaffRole
from copapp.presenters.conference_form import conference_fields, read_fields
from copapp.services import releasing
from copapp.services.conference import WouldEraseError, change_conference
from copapp.services.draft import ChangedMeanwhileError
from copapp.services.erasure import erase_due, erases_at
from copapp.services.moves import NotAllowedError
from copapp.services.programme import conference_values
from copapp.services.queries import latest_release
from copapp.services.seed import seed
from copapp.services.slots import the_conference
from tests.meeting_requests import MONDAY, Staffed, asked, staffed

LATER = MONDAY + timedelta(minutes=5)


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    found = staffed(db, cop14)
    found.aigul.role = StaffRole.COORDINATOR
    db.flush()
    return found


def typed(about: Conference, **given: str) -> dict[str, Any]:
    """Give what the form holds, with some fields typed anew, as it is read."""
    return read_fields(asdict(conference_fields(about)) | given, about.about)


def keep(house: Staffed, seen: int = 1, /, **given: str) -> Conference:
    values = typed(the_conference(house.db), **given)
    return change_conference(house.db, house.aigul, seen, values, 0, LATER)


def test_form_says_what_is_kept_and_comes_back_the_same(house: Staffed) -> None:
    about = the_conference(house.db)

    read = read_form(typed(about) | {"slug": about.slug, "timezone": about.timezone})

    assert {name: getattr(about, name) for name in vars(read)} == vars(read)


def test_same_form_again_changes_nothing(house: Staffed) -> None:
    assert keep(house).version == 1

    assert house.db.exec(select(AuditEntry)).all() == []


def test_change_is_kept_and_written_down_old_and_new(house: Staffed) -> None:
    kept = keep(house, name="  CMS COP 14 ", usual_slots="12:45-13:30\r\n\r\n 18:15-19:00 ", about_ru="")

    assert (kept.name, kept.usual_slots, kept.version) == ("CMS COP 14", ["12:45-13:30", "18:15-19:00"], 2)
    assert sorted(kept.about) == ["en", "es", "fr"]
    [entry] = house.db.exec(select(AuditEntry))
    assert (entry.act, entry.subject, entry.member_id) == ("settings", "conference", house.aigul.id)
    assert entry.changes["name"] == ["CMS COP14", "CMS COP 14"]
    assert set(entry.changes) == {"name", "usual_slots", "about"}


def test_of_two_coordinators_the_second_is_told(house: Staffed) -> None:
    keep(house, place="Samarkand")

    with pytest.raises(ChangedMeanwhileError):
        keep(house, 1, place="Tashkent")

    assert the_conference(house.db).place == "Samarkand"
    assert keep(house, 2, place="Tashkent").place == "Tashkent"


def test_every_problem_is_named_by_its_field_and_nothing_is_kept(house: Staffed) -> None:
    wrong = {
        "name": " ",
        "place": "One\nTwo",
        "latitude": "91",
        "longitude": "",
        "starts": "soon",
        "contact_email": "nobody",
        "funding_url": "ftp://example.org",
        "introduction": "x" * 5_001,
        "assumed_length_minutes": "an hour",
        "meeting_day_starts": "9:00",
        "meeting_minutes": "31",
        "usual_slots": "12:45",
        "retention_days": "366",
    }

    with pytest.raises(ConferenceFormError) as refused:
        keep(house, **wrong)

    assert {each.field: each.code for each in refused.value.problems} == {
        "name": "required",
        "place": "characters",
        "latitude": "range",
        "longitude": "both",
        "starts": "kind_date",
        "contact_email": "email",
        "funding_url": "web",
        "introduction": "too_long",
        "assumed_length_minutes": "kind_int",
        "meeting_day_starts": "clock",
        "meeting_minutes": "grid",
        "usual_slots": "slot",
        "retention_days": "days",
    }
    assert the_conference(house.db).version == 1


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"ends": "2024-02-01"}, FormProblem("ends", "order")),
        ({"meeting_day_ends": "08:00"}, FormProblem("meeting_day_ends", "after")),
        ({"retention_days": "0"}, FormProblem("retention_days", "positive")),
        ({"retention_days": ""}, FormProblem("retention_days", "kind_int")),
        ({"latitude": "nan", "longitude": "66"}, FormProblem("latitude", "range")),
        ({"organisation": "A\x00B"}, FormProblem("organisation", "characters")),
    ],
)
def test_one_wrong_field_is_one_problem(house: Staffed, given: dict[str, str], problem: FormProblem) -> None:
    with pytest.raises(ConferenceFormError) as refused:
        keep(house, **given)

    assert refused.value.problems == [problem]


def test_slug_and_time_zone_stay_whatever_the_form_says(house: Staffed) -> None:
    about = the_conference(house.db)
    values = typed(about, name="Another") | {"slug": "other", "timezone": "Europe/Lisbon"}

    kept = change_conference(house.db, house.aigul, 1, values, 0, LATER)

    assert (kept.name, kept.slug, kept.timezone) == ("Another", "cop14", "Asia/Samarkand")


def test_only_coordinators_change_settings(house: Staffed) -> None:
    values = typed(the_conference(house.db), name="Mine")

    with pytest.raises(NotAllowedError):
        change_conference(house.db, house.bolat, 1, values, 0, LATER)


def test_shorter_retention_asks_before_anything_goes_at_once(house: Staffed) -> None:
    asked(house.db)
    asked(house.db, "Erlan")
    about = the_conference(house.db)
    after = erases_at(about) - timedelta(days=3)
    values = typed(about, retention_days="7")

    with pytest.raises(WouldEraseError) as refused:
        change_conference(house.db, house.aigul, 1, values, 1, after)
    assert (refused.value.count, the_conference(house.db).retention_days) == (2, 30)

    change_conference(house.db, house.aigul, 1, values, 2, after)
    erase_due(house.db, the_conference(house.db), after)
    assert house.db.exec(select(MeetingRequest)).all() == []


def test_earlier_last_day_asks_too_and_a_later_end_does_not(house: Staffed) -> None:
    asked(house.db)
    about = the_conference(house.db)
    after = erases_at(about) - timedelta(hours=1)

    with pytest.raises(WouldEraseError):
        change_conference(house.db, house.aigul, 1, typed(about, ends="2024-02-16"), 0, after)
    kept = change_conference(house.db, house.aigul, 1, typed(about, retention_days="365"), 0, after)

    assert erases_at(kept) - after == timedelta(days=335, hours=1)


def test_what_delegates_see_waits_for_the_next_release(house: Staffed) -> None:
    keep(house, name="COP", ends="2024-02-18", retention_days="60")

    found = releasing.preview(house.db)
    assert found.about == [Change("name", "CMS COP14", "COP"), Change("ends", "2024-02-17", "2024-02-18")]
    assert found.changes == []
    released = latest_release(house.db)
    assert released is not None
    assert json.loads(released.document)["conference"]["name"] == "CMS COP14"

    made = releasing.make_release(house.db, house.bolat, found.digest, "", LATER)

    assert json.loads(made.document)["conference"]["name"] == "COP"
    assert releasing.preview(house.db).about == []


def test_seed_again_overwrites_nothing(house: Staffed, cop14: SourceProgramme) -> None:
    keep(house, name="Set by hand", ends="2024-02-18")

    assert seed(house.db, cop14, LATER) is None

    assert (the_conference(house.db).name, the_conference(house.db).ends) == (
        "Set by hand",
        date(2024, 2, 18),
    )


def test_folder_is_read_by_the_same_rules(cop14: SourceProgramme) -> None:
    given = {**conference_values(cop14.conference), "slug": "cop14"}
    without_coordinates = {name: value for name, value in given.items() if value is not None}

    assert read_form(without_coordinates) == cop14.conference
