"""Calendars of staff: what they hold, for whom, and that they end with the right to see it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from copapp.api.stored import forget
from copapp.database import reading, writing
from copapp.interop.personal_calendar import Wishes
from copapp.models import Event, EventStatus, MeetingRequest, StaffCalendar, StaffMember, StaffRole
from copapp.services import answers, calendars, erasure, meetings, releasing, staff, staff_calendars
from copapp.services.backup import restore_backup, take_backup
from copapp.services.moves import NotAllowedError
from copapp.services.release import publish
from copapp.services.slots import the_conference
from copapp.services.tokens import request_token
from tests.askers import new_request, send
from tests.conftest import Environment
from tests.meeting_requests import TEN, add_member, do_duties, terms

DOOR = "/api/v1/calendars"
LATER = datetime(2024, 2, 12, 8, 0, tzinfo=UTC)
OVER = datetime(2024, 3, 18, 19, 0, tzinfo=UTC)
CATS = "cats-of-the-silk-road"
SAIGA = "saiga-recovery"
SAIGA_TITLE = (
    "Recognising and Building on the Success of Transboundary Cooperation on the Recovery of Saiga Antelope"
    " in Central Asia"
)
GONE = 410


@pytest.fixture
def team(line: TestClient) -> TestClient:
    """Aigul, who coordinates and covers two events, and Bolat, who covers one of them."""
    with writing() as db:
        add_member(db, "aigul", covers=(CATS, SAIGA)).role = StaffRole.COORDINATOR
        add_member(db, "bolat", covers=(CATS,))
    return line


def one(db: Session, slug: str) -> StaffMember:
    return db.exec(select(StaffMember).where(StaffMember.slug == slug)).one()


def made(
    who: str, *, of_team: bool = False, language: str = "en", alarm: int | None = None, now: datetime = LATER
) -> str:
    with writing() as db:
        return staff_calendars.make_staff_calendar(
            db, one(db, who), Wishes(language, alarm), now, of_team=of_team
        )


def replaced(who: str, *, of_team: bool = False) -> str:
    with writing() as db:
        return staff_calendars.replace_staff_calendar(db, one(db, who), LATER, of_team=of_team)


def status(line: TestClient, token: str) -> int:
    return line.get(f"{DOOR}/{token}.ics").status_code


def file(line: TestClient, token: str) -> bytes:
    answer = line.get(f"{DOOR}/{token}.ics")
    assert answer.status_code == 200, answer.text
    return answer.content


def entries(body: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(body).walk("VEVENT"))


def told(body: bytes) -> list[tuple[str, str]]:
    return [(str(each["summary"]), str(each["status"])) for each in entries(body)]


def asked(line: TestClient, who: str, **given: Any) -> int:
    """Ask for a meeting and give the request's number."""
    answer = send(line, new_request(who, **({"slot": TEN.isoformat()} | given)))
    assert answer.status_code == 201, answer.text
    with reading() as db:
        return db.exec(select(MeetingRequest).where(col(MeetingRequest.name) == who)).one().id or 0


def agreed(line: TestClient, who: str, with_whom: str, hours: int = 0) -> int:
    number = asked(line, who)
    with writing() as db:
        member = one(db, with_whom)
        meetings.accept(db, number, member, terms(member, TEN + timedelta(hours=hours)), LATER)
    return number


def test_own_calendar_holds_one_s_meetings_and_covered_events(team: TestClient) -> None:
    number = agreed(team, "Dana", "aigul")
    agreed(team, "Erik", "bolat")

    body = file(team, made("aigul", alarm=15))

    assert told(body) == [
        ("Cats of the Silk Road", "CONFIRMED"),
        (SAIGA_TITLE, "CONFIRMED"),
        (f"Meeting no. {number}", "CONFIRMED"),
    ]
    meeting = entries(body)[-1]
    assert str(meeting["location"]) == "Room Ferghana, Expo Centre, Samarkand, Uzbekistan"
    assert (meeting["dtstart"].dt, meeting["dtend"].dt) == (TEN, TEN + timedelta(minutes=30))
    assert meeting["last-modified"].dt == meeting["dtstamp"].dt == LATER
    assert str(meeting["class"]) == "PRIVATE"
    whole: Any = icalendar.Calendar.from_ical(body)
    assert str(whole["name"]) == "CMS COP14 · my meetings and events"
    assert [each["trigger"].dt for each in whole.walk("VALARM")] == [-timedelta(minutes=15)] * 3
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in body
    assert len(whole.walk("VTIMEZONE")) == 1


def test_the_link_of_a_meeting_leads_behind_the_sign_in(team: TestClient, environment: Environment) -> None:
    environment(PUBLIC_URL="https://cop.example")
    number = agreed(team, "Dana", "aigul")

    meeting = entries(file(team, made("aigul")))[-1]

    assert str(meeting["url"]) == f"https://cop.example/admin/request?id={number}"
    assert str(meeting["description"]) == "Who it is and why: open the link and sign in."


def test_the_team_s_says_whose_each_entry_is(team: TestClient) -> None:
    first, second = agreed(team, "Dana", "aigul"), agreed(team, "Erik", "bolat")
    asked(team, "Fatima")

    body = file(team, made("aigul", of_team=True))

    assert [summary for summary, _ in told(body)] == [
        "Aigul: Cats of the Silk Road",
        "Bolat: Cats of the Silk Road",
        f"Aigul: {SAIGA_TITLE}",
        f"Aigul: Meeting no. {first}",
        f"Bolat: Meeting no. {second}",
    ]
    assert len({str(each["uid"]) for each in entries(body)}) == 5


@pytest.mark.parametrize(
    ("language", "agreed_words", "open_words", "whose"),
    [
        ("en", "Meeting no. {}", "Meeting no. {}, not agreed yet", "Aigul: "),
        ("fr", "Rendez-vous nº {}", "Rendez-vous nº {}, pas encore convenu", "Aigul : "),
        ("es", "Reunión n.º {}", "Reunión n.º {}, aún sin acordar", "Aigul: "),
        ("ru", "Встреча № {}", "Встреча № {}, ещё не согласована", "Aigul: "),
    ],
)
def test_speaks_the_language_that_was_chosen(
    team: TestClient, language: str, agreed_words: str, open_words: str, whose: str
) -> None:
    first = agreed(team, "Dana", "aigul")
    second = asked(team, "Erik", slot=(TEN + timedelta(hours=2)).isoformat(), whom="aigul")
    expected = [(agreed_words.format(first), "CONFIRMED"), (open_words.format(second), "TENTATIVE")]

    own = told(file(team, made("aigul", language=language)))
    team_s = told(file(team, made("aigul", of_team=True, language=language)))

    assert own[-2:] == expected
    assert team_s[-2:] == [(whose + words, state) for words, state in expected]


def test_a_meeting_follows_from_wish_to_cancellation_under_one_uid(team: TestClient) -> None:
    number = asked(team, "Dana", whom="aigul")
    mine, theirs = made("aigul"), made("bolat")

    def only(token: str) -> Any:
        return next((each for each in entries(file(team, token)) if "no." in str(each["summary"])), None)

    seen = [only(mine)]
    with writing() as db:
        later = terms(one(db, "aigul"), TEN + timedelta(hours=1))
        meetings.propose(db, number, one(db, "bolat"), later, LATER)
    seen.append(only(mine))
    with writing() as db:
        request = db.get_one(MeetingRequest, number)
        answers.answer_accept(db, request_token(db, request), request.proposal or 0, LATER)
    seen.append(only(mine))
    assert only(theirs) is None
    with writing() as db:
        meetings.reassign(db, number, one(db, "aigul"), one(db, "bolat").id or 0, LATER)
    assert only(mine) is None
    seen.append(only(theirs))
    with writing() as db:
        meetings.cancel(db, number, one(db, "aigul"), LATER)
    seen.append(only(theirs))

    states = ["TENTATIVE", "TENTATIVE", "CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [str(each["status"]) for each in seen] == states
    assert [(each["dtstart"].dt - TEN) // timedelta(hours=1) for each in seen] == [0, 1, 1, 1, 1]
    assert len({str(each["uid"]) for each in seen}) == 1
    assert [each["sequence"] for each in seen] == sorted({each["sequence"] for each in seen})


def test_an_entry_s_uid_answers_no_invitation(team: TestClient) -> None:
    """Who finds a leaked calendar must not learn what makes an answer by mail ours."""
    number = agreed(team, "Dana", "aigul")

    body = file(team, made("aigul")) + file(team, made("aigul", of_team=True))

    with reading() as db:
        uid = db.get_one(MeetingRequest, number).uid
    assert uid.encode() not in body.replace(b"\r\n ", b"")


def test_an_erased_request_vanishes(team: TestClient) -> None:
    agreed(team, "Dana", "aigul")
    token = made("aigul")
    before = len(entries(file(team, token)))

    with writing() as db:
        erasure.erase_all(db)

    assert len(entries(file(team, token))) == before - 1


def test_a_cancelled_event_stays_as_cancelled_and_without_an_alarm(team: TestClient) -> None:
    token = made("bolat", alarm=5)
    [before] = entries(file(team, token))

    with writing() as db:
        event = db.exec(select(Event).where(Event.slug == CATS)).one()
        event.status = EventStatus.CANCELLED
        db.add(event)
        publish(db, the_conference(db), LATER)
    forget()
    [after] = entries(file(team, token))

    assert (after["uid"], after["status"]) == (before["uid"], "CANCELLED")
    assert after["sequence"] > before["sequence"]
    assert after.walk("VALARM") == []


def test_unchanged_data_is_the_same_bytes_and_a_304(team: TestClient, environment: Environment) -> None:
    agreed(team, "Dana", "aigul")
    for token in (made("aigul"), made("aigul", of_team=True)):
        first = team.get(f"{DOOR}/{token}.ics")
        environment(NOW="2024-02-20T10:00:00+05:00")
        again = team.get(f"{DOOR}/{token}.ics")
        known = team.get(f"{DOOR}/{token}.ics", headers={"if-none-match": first.headers["etag"]})

        assert again.content == first.content
        assert again.headers["cache-control"].startswith("private")
        assert (known.status_code, known.content) == (304, b"")


def test_replacing_keeps_the_wishes_and_the_old_address_is_gone(team: TestClient) -> None:
    old, team_s = made("aigul", language="ru", alarm=10), made("aigul", of_team=True)

    new = replaced("aigul")

    assert [status(team, each) for each in (old, new, team_s)] == [GONE, 200, 200]
    assert "Saiga" in file(team, new).decode()
    assert icalendar.Calendar.from_ical(file(team, new))["name"] == "CMS COP14 · мои встречи и события"
    assert len(icalendar.Calendar.from_ical(file(team, new)).walk("VALARM")) == 2
    newest = made("aigul")
    assert [status(team, each) for each in (new, newest)] == [GONE, 200]


def test_wishes_change_under_the_same_address(team: TestClient) -> None:
    token = made("aigul", alarm=10)

    with writing() as db:
        staff_calendars.set_wishes(db, one(db, "aigul"), Wishes("fr", None), of_team=False)

    body = file(team, token)
    assert b"VALARM" not in body
    assert icalendar.Calendar.from_ical(body)["name"] == "CMS COP14 · mes rendez-vous et événements"


def test_stopping_one_s_own_leaves_the_team_s(team: TestClient) -> None:
    own, team_s, other = made("aigul"), made("aigul", of_team=True), made("bolat")

    with writing() as db:
        staff_calendars.end_staff_calendars(db, one(db, "aigul"), LATER, of_team=False)

    assert [status(team, each) for each in (own, team_s, other)] == [GONE, 200, 200]


def test_ends_at_once_with_the_account_and_does_not_come_back(team: TestClient) -> None:
    token = made("bolat")
    with writing() as db:
        staff.disable_member(db, None, one(db, "bolat"), LATER)
    assert status(team, token) == GONE

    with writing() as db:
        staff.enable_member(db, None, one(db, "bolat"), LATER)

    assert status(team, token) == GONE


def test_a_disabled_account_is_enough_however_it_came_about(team: TestClient) -> None:
    token = made("bolat")
    with writing() as db:
        one(db, "bolat").disabled_at = LATER

    assert status(team, token) == GONE
    with writing() as db, pytest.raises(NotAllowedError):
        staff_calendars.replace_staff_calendar(db, one(db, "bolat"), LATER, of_team=False)


def test_the_team_s_ends_with_the_role_and_the_own_stays(team: TestClient) -> None:
    own, team_s = made("aigul"), made("aigul", of_team=True)
    with writing() as db:
        one(db, "bolat").role, one(db, "bolat").password_hash = StaffRole.COORDINATOR, "set"
    with writing() as db:
        staff.set_role(db, None, one(db, "aigul"), StaffRole.MEMBER, LATER)
    assert [status(team, each) for each in (own, team_s)] == [200, GONE]

    with writing() as db:
        staff.set_role(db, None, one(db, "aigul"), StaffRole.COORDINATOR, LATER)

    assert status(team, team_s) == GONE


def test_the_team_s_is_a_coordinator_s_business(team: TestClient) -> None:
    with pytest.raises(NotAllowedError):
        made("bolat", of_team=True)
    with writing() as db:
        one(db, "aigul").role = StaffRole.MEMBER

    with writing() as db, pytest.raises(NotAllowedError):
        staff_calendars.set_wishes(db, one(db, "aigul"), Wishes("en", None), of_team=True)


def test_what_a_disabled_colleague_covered_is_nobody_s(team: TestClient) -> None:
    token = made("aigul", of_team=True)
    number = agreed(team, "Dana", "bolat")
    with writing() as db:
        staff.disable_member(db, None, one(db, "bolat"), LATER)

    told_now = [summary for summary, _ in told(file(team, token))]

    assert "Bolat: Cats of the Silk Road" not in told_now
    assert f"Bolat: Meeting no. {number}" in told_now  # agreed, so somebody has to go


def test_all_addresses_end_thirty_days_after_the_conference(
    team: TestClient, environment: Environment
) -> None:
    token = made("aigul")
    environment(NOW="2024-03-18T23:59:00+05:00")
    assert status(team, token) == 200

    environment(NOW="2024-03-19T00:00:00+05:00")
    assert status(team, token) == GONE
    with pytest.raises(calendars.EndedCalendarError):
        made("aigul", now=OVER)
    with writing() as db:
        assert calendars.has_due_end(db, the_conference(db), OVER)
        do_duties(db, OVER)
        assert db.exec(select(StaffCalendar)).all() == []
    assert status(team, token) == GONE


def test_one_of_each_kind_is_live_whatever_comes_at_once(team: TestClient) -> None:
    made("aigul")
    with writing() as db:
        [first] = db.exec(select(StaffCalendar)).all()
        db.add(StaffCalendar(**first.model_dump(exclude={"id", "token_hash"}), token_hash="another"))
        with pytest.raises(IntegrityError):
            db.flush()
        db.rollback()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_phone_s_doors_know_no_calendar_of_staff(team: TestClient, method: str) -> None:
    token = made("aigul")

    assert team.request(method, f"{DOOR}/{token}", json={}).status_code == 404
    answer = team.post(DOOR, json={"replaces": token}, headers={"idempotency-key": "a-phone-made-this"})
    assert answer.status_code == 404
    assert status(team, token) == 200


def test_a_release_says_how_many_calendars_of_staff_follow(team: TestClient) -> None:
    made("aigul")
    made("aigul", of_team=True)
    made("bolat")
    replaced("bolat")

    with reading() as db:
        touched = [staff_calendars.staff_calendars_touched(db, each) for each in ([CATS], [SAIGA], ["x"], [])]
    assert touched == [3, 2, 0, 0]
    with writing() as db:
        event = db.exec(select(Event).where(Event.slug == SAIGA)).one()
        event.title = "Another title"
        db.add(event)
        db.flush()
        assert releasing.preview(db).calendars == 2
        db.rollback()


def test_a_backup_brings_addresses_back_but_none_that_ended_since(team: TestClient) -> None:
    kept, ended = made("aigul"), made("bolat")
    with reading() as db:
        taken = take_backup(db, "here", LATER)
    new = replaced("bolat")

    with writing() as db:
        restore_backup(db, taken, "here", LATER, replaces=True)

    assert [status(team, each) for each in (kept, ended)] == [200, GONE]
    assert status(team, new) == 404
    assert not re.search(b"|".join(each.encode() for each in (kept, ended)), taken)
