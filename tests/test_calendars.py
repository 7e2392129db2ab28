"""Personal calendars: what they hold, who can read them, and that they end when they should."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient
from typer.testing import CliRunner

from copapp import database
from copapp.api.stored import forget
from copapp.cli import app
from copapp.database import reading, writing
from copapp.logs import masked
from copapp.models import (
    Attempt,
    AuditEntry,
    CalendarBookmark,
    CalendarMeeting,
    Event,
    EventStatus,
    MeetingRequest,
    PersonalCalendar,
    StaffMember,
)
from copapp.services import abuse, answers, calendar_room, calendars, meetings, releasing
from copapp.services.backup import restore_backup, take_backup
from copapp.services.release import publish
from copapp.services.slots import the_conference
from tests.askers import new_request, send, solve
from tests.calendar_floods import flood_with_calendars
from tests.conftest import Environment
from tests.meeting_requests import TEN, add_member, do_duties, terms

DOOR = "/api/v1/calendars"
LATER = datetime(2024, 2, 12, 8, 0, tzinfo=UTC)
# Thirty days after the 17th of February, at the venue.
LAST_MOMENT = datetime(2024, 3, 18, 18, 59, tzinfo=UTC)
OVER = datetime(2024, 3, 18, 19, 0, tzinfo=UTC)


def slugs(line: TestClient) -> list[str]:
    return [each["slug"] for each in line.get("/api/v1/programme").json()["events"]]


def make(line: TestClient, key: str = "a-phone-made-this", **body: Any) -> Any:
    return line.post(DOOR, json=body, headers={"idempotency-key": key})


def made(line: TestClient, key: str = "a-phone-made-this", **body: Any) -> dict[str, Any]:
    answer = make(line, key, **body)
    assert answer.status_code == 201, answer.text
    given: dict[str, Any] = answer.json()
    return given


def file(line: TestClient, token: str) -> bytes:
    answer = line.get(f"{DOOR}/{token}.ics")
    assert answer.status_code == 200, answer.text
    return answer.content


def entries(body: bytes) -> dict[str, Any]:
    return {str(each["uid"]): each for each in icalendar.Calendar.from_ical(body).walk("VEVENT")}


def test_holds_what_was_saved_and_says_how_to_follow_it(line: TestClient) -> None:
    first, second, *_ = slugs(line)

    given = made(line, bookmarks=[second, first], language="ru", alarm=15)
    body = file(line, given["token"])

    assert re.fullmatch(r"[a-z0-9]{32}", given["token"])
    assert given["address"].endswith(f"{DOOR}/{given['token']}.ics")
    assert given["expires"] == "2024-03-19T00:00:00+05:00"
    assert given["bookmarks"] == sorted([first, second])
    whole: Any = icalendar.Calendar.from_ical(body)
    assert str(whole["name"]) == str(whole["x-wr-calname"]) == "CMS COP14 · моя программа"
    assert whole["color"]
    assert whole["refresh-interval"].dt == timedelta(hours=1)
    assert len(whole.walk("VTIMEZONE")) == 1
    assert [each["trigger"].dt for each in whole.walk("VALARM")] == [-timedelta(minutes=15)] * 2
    assert len(whole.walk("VEVENT")) == 2
    assert all(len(each) <= 75 for each in body.split(b"\r\n"))


def test_unchanged_data_is_the_same_bytes_and_a_304(line: TestClient) -> None:
    token = made(line, bookmarks=slugs(line))["token"]
    first = line.get(f"{DOOR}/{token}.ics")

    forget()
    again = line.get(f"{DOOR}/{token}.ics")
    known = line.get(f"{DOOR}/{token}.ics", headers={"if-none-match": first.headers["etag"]})

    assert again.content == first.content
    assert again.headers["cache-control"].startswith("private")
    assert (known.status_code, known.content) == (304, b"")


def test_a_change_between_two_fetches_is_no_304(line: TestClient) -> None:
    """What it holds counts, not that it was fetched a moment ago under the same release."""
    asked_for = asked(line, "Dana", slot=TEN.isoformat())
    path = f"{DOOR}/{made(line, bookmarks=slugs(line)[:2])['token']}"
    changes = [{"add": slugs(line)[2:3]}, {"alarm": 5}, {"language": "ru"}, {"add_meetings": [asked_for]}]
    known = line.get(f"{path}.ics").headers["etag"]

    for change in changes:
        assert line.get(f"{path}.ics", headers={"if-none-match": known}).status_code == 304
        line.put(path, json=change)
        after = line.get(f"{path}.ics", headers={"if-none-match": known})
        assert after.status_code == 200, change
        known = after.headers["etag"]


def test_the_same_key_makes_one_calendar(line: TestClient) -> None:
    first, second, *_ = slugs(line)
    one = made(line, bookmarks=[first])
    line.put(f"{DOOR}/{one['token']}", json={"add": [second]})

    again = made(line, bookmarks=[first])

    assert again["token"] == one["token"]
    assert again["bookmarks"] == sorted([first, second])


def test_changes_are_deltas_that_may_be_repeated(line: TestClient) -> None:
    first, second, third, *_ = slugs(line)
    token = made(line, bookmarks=[first, second], alarm=10)["token"]

    for _ in range(2):
        answer = line.put(f"{DOOR}/{token}", json={"add": [third], "remove": [first]})
        assert answer.json()["bookmarks"] == sorted([second, third])

    assert answer.json()["alarm"] == 10
    assert line.put(f"{DOOR}/{token}", json={"alarm": None}).json()["alarm"] is None
    assert b"VALARM" not in file(line, token)
    assert line.get(f"{DOOR}/{token}").json()["bookmarks"] == sorted([second, third])


def test_a_cancelled_event_stays_as_cancelled_and_without_an_alarm(line: TestClient) -> None:
    [slug, *_] = slugs(line)
    token = made(line, bookmarks=[slug], alarm=5)["token"]
    [before] = entries(file(line, token)).values()

    with writing() as db:
        event = db.exec(select(Event).where(Event.slug == slug)).one()
        event.status = EventStatus.CANCELLED
        db.add(event)
        publish(db, the_conference(db), LATER)
    forget()
    [after] = entries(file(line, token)).values()

    assert (after["uid"], after["status"]) == (before["uid"], "CANCELLED")
    assert after["sequence"] > before["sequence"]
    assert after.walk("VALARM") == []


def test_replacing_hands_over_everything_and_the_old_address_is_gone(line: TestClient) -> None:
    first, second, *_ = slugs(line)
    old = made(line, bookmarks=[first])["token"]

    new = made(line, "another-key", bookmarks=[second], replaces=old)

    assert new["bookmarks"] == sorted([first, second])
    assert line.get(f"{DOOR}/{old}.ics").status_code == 410
    assert line.put(f"{DOOR}/{old}", json={"add": [second]}).status_code == 410
    assert make(line).status_code == 410


def test_stopping_leaves_nothing_and_is_for_ever(line: TestClient) -> None:
    token = made(line, bookmarks=slugs(line))["token"]

    assert [line.delete(f"{DOOR}/{token}").status_code for _ in range(2)] == [204, 204]

    assert line.get(f"{DOOR}/{token}.ics").status_code == 410
    with reading() as db:
        assert db.exec(select(CalendarBookmark)).all() == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_address_cannot_be_guessed_or_listed(line: TestClient, method: str) -> None:
    made(line, bookmarks=[])

    assert line.request(method, f"{DOOR}/{'a' * 32}", json={}).status_code == 404
    assert line.get(DOOR).status_code == 405


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"bookmarks": "all"}, 422),
        ({"bookmarks": ["../../etc"]}, 422),
        ({"bookmarks": ["x"] * 1001}, 422),
        ({"bookmarks": [], "alarm": -1}, 422),
        ({"bookmarks": [], "alarm": 1441}, 422),
        ({"bookmarks": [], "language": "tlh"}, 422),
        ({"bookmarks": [], "meetings": ["short"]}, 422),
        ({"bookmarks": [], "replaces": "b" * 32}, 404),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_made(
    line: TestClient, body: dict[str, Any], status: int
) -> None:
    answer = make(line, **body)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    with reading() as db:
        assert db.exec(select(PersonalCalendar)).all() == []


def drafted(number: int) -> list[str]:
    """Add so many events to the draft, and give their slugs."""
    names = [f"drafted-{each}" for each in range(number)]
    with writing() as db:
        event = db.exec(select(Event).limit(1)).one().model_dump(exclude={"id", "slug", "uid"})
        db.add_all(Event(**event, slug=name, uid=name) for name in names)
    return names


def test_a_calendar_has_room_for_two_hundred_and_no_more(line: TestClient) -> None:
    first, *others = drafted(201)
    token = made(line, bookmarks=others)["token"]

    refused = line.put(f"{DOOR}/{token}", json={"add": [first]})
    too_many = make(line, "another-phone", bookmarks=[first, *others])

    assert (refused.status_code, refused.json()["code"]) == (422, "full")
    assert (too_many.status_code, too_many.json()["code"]) == (422, "full")
    assert line.put(f"{DOOR}/{token}", json={"add": [first], "remove": others[:1]}).is_success


def test_a_calendar_that_holds_more_keeps_it(line: TestClient) -> None:
    """Until this version a calendar had room for a thousand."""
    names = drafted(251)
    token = made(line, bookmarks=names[:200])["token"]
    with writing() as db:
        [kept] = db.exec(select(PersonalCalendar)).all()
        db.add_all(CalendarBookmark(calendar_id=kept.id or 0, refers_to=each) for each in names[200:250])

    assert line.put(f"{DOOR}/{token}", json={"add": names[250:]}).json()["code"] == "full"
    fewer = line.put(f"{DOOR}/{token}", json={"remove": names[:10], "alarm": 5})
    replaced = made(line, "another-key", replaces=token)

    assert sorted(replaced["bookmarks"]) == sorted(fewer.json()["bookmarks"]) == sorted(names[10:250])


def test_what_never_was_an_event_is_left_out_and_what_was_withdrawn_stays(line: TestClient) -> None:
    """A thousand invented slugs each, and one client filled 9 GB of disk in an hour."""
    [withdrawn, *others] = slugs(line)
    with writing() as db:
        db.delete(db.exec(select(Event).where(Event.slug == withdrawn)).one())
        db.flush()
        publish(db, the_conference(db), LATER)
        publish(db, the_conference(db), LATER)
    forget()
    assert withdrawn not in slugs(line)

    given = made(line, bookmarks=[withdrawn, "never-was"], meetings=["a" * 32])
    changed = line.put(f"{DOOR}/{given['token']}", json={"add": ["nor-this", others[0]]})

    assert given["bookmarks"] == [withdrawn]
    assert (changed.status_code, changed.json()["bookmarks"]) == (200, sorted([withdrawn, others[0]]))
    with reading() as db:
        assert len(db.exec(select(CalendarBookmark)).all()) == 2
        assert db.exec(select(CalendarMeeting)).all() == []


def test_the_same_change_again_writes_nothing(line: TestClient) -> None:
    first, second, *_ = slugs(line)
    path = f"{DOOR}/{made(line, bookmarks=[first])['token']}"
    change = {"add": [second, "never-was"], "remove": ["nor-this"], "alarm": 5, "language": "fr"}
    after = line.put(path, json=change)

    with reading() as db:
        before = db.connection().exec_driver_sql("PRAGMA data_version").scalar()
        counted = len(db.exec(select(Attempt)).all())
        db.commit()
        again = line.put(path, json=change)
        assert db.connection().exec_driver_sql("PRAGMA data_version").scalar() == before
        assert len(db.exec(select(Attempt)).all()) == counted

    assert again.json() == after.json()


def test_changes_without_end_have_to_work_for_it(line: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """93 changes in 15 seconds made the log of the database 203 MB; a network counts as one."""
    monkeypatch.setattr(abuse, "FREE_CHANGES_IN_A_WINDOW", 3)
    token = made(line)["token"]
    path, others = f"{DOOR}/{token}", slugs(line)
    for each in others[:3]:
        assert line.put(path, json={"add": [each]}).is_success

    refused = line.put(path, json={"add": others[3:4]})
    wanted = refused.json()
    proof = f"{wanted['challenge']}.{solve(wanted['challenge'], wanted['bits'], token)}"
    proved = line.put(path, json={"add": others[3:4]}, headers={"copapp-proof": proof})

    assert (refused.status_code, wanted["code"]) == (428, "proof_wanted")
    assert proved.json()["bookmarks"] == sorted(others[:4])
    assert line.put(path, json={"remove": []}).is_success  # what changes nothing is not counted


def test_beyond_the_cap_the_oldest_unused_makes_room(
    line: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_room, "MOST_CALENDARS", 3)
    first, *_ = slugs(line)
    used, empty, ended = (
        made(line, f"a-phone-no-{each}", bookmarks=[first][:each])["token"] for each in (1, 0, 2)
    )
    line.delete(f"{DOOR}/{ended}")

    statuses = []
    for number in range(3):
        statuses.append(make(line, f"one-phone-more-{number}", bookmarks=[first]).status_code)
        found = [line.get(f"{DOOR}/{each}").status_code for each in (used, empty, ended)]
        statuses.extend(found)

    assert statuses == [201, 200, 200, 404, 201, 200, 404, 404, 503, 200, 404, 404]
    refused = make(line, "one-more", bookmarks=[first])
    assert (refused.json()["code"], refused.headers["retry-after"]) == ("no_room", "5")
    assert "go on" in refused.json()["detail"]
    assert make(line, "another-key", replaces=used).is_success


def test_an_hour_of_new_calendars_fills_no_more_than_the_cap(
    line: TestClient, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One client took 9 GB of disk in an hour. `make soak` does this at full size."""
    monkeypatch.setattr(calendar_room, "MOST_CALENDARS", 20)
    monkeypatch.setattr(abuse, "FREE_CALENDARS_IN_A_WINDOW", 2)
    real = slugs(line)

    def begin(window: int) -> None:
        environment(NOW=f"2024-02-12T10:{window * 10:02}:01+05:00")

    found = flood_with_calendars(line, real, 5, begin)

    assert found.answers == {201: 20, 503: 10}
    assert (found.calendars, found.entries) == (20, 20 * len(real))


def test_one_network_makes_no_more_than_its_share_of_calendars_in_a_day(
    line: TestClient, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One script took every place, and no phone got a calendar until 30 days after the conference."""
    monkeypatch.setattr(calendar_room, "MOST_OF_A_NETWORK", 2)
    neighbours = [TestClient(line.app, client=(f"2001:db8:1:{each}::1", 1)) for each in range(3)]
    elsewhere = TestClient(line.app, client=("2001:db8:2::1", 1))
    first = made(neighbours[0], "a-phone-no-0", bookmarks=slugs(line)[:1])["token"]
    made(neighbours[1], "a-phone-no-1")

    refused = make(neighbours[2], "a-phone-no-2")
    replaced = make(neighbours[2], "a-phone-no-3", replaces=first)
    again = make(neighbours[0], "a-phone-no-1")
    other = make(elsewhere, "a-phone-no-4")
    environment(NOW="2024-02-13T13:30:00+05:00")
    next_day = make(neighbours[2], "a-phone-no-2")

    assert (refused.status_code, refused.json()["code"]) == (429, "network")
    assert [each.status_code for each in (replaced, again, other, next_day)] == [201] * 4


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (["--since", "2024-02-12T12:00"], ["morning"]),
        (["--until", "2024-02-12T18:00"], ["evening"]),
        (["--since", "2024-02-12T12:00", "--until", "2024-02-12T18:00"], ["evening", "morning"]),
    ],
    ids=" ".join,
)
def test_command_line_erases_the_calendars_of_a_flood(
    line: TestClient,
    environment: Environment,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    left: list[str],
) -> None:
    monkeypatch.setattr(calendar_room, "ERASED_AT_ONCE", 2)
    monkeypatch.setattr(calendar_room, "MOST_CALENDARS", 6)
    tokens = {}
    for name, hour in (("morning", 10), *((f"noon-{each}", 12) for each in range(4)), ("evening", 18)):
        environment(NOW=f"2024-02-12T{hour}:00:00+05:00")
        tokens[name] = made(line, f"of-the-{name}", bookmarks=slugs(line))["token"]
    assert make(line, "one-phone-more").status_code == 503

    done = CliRunner().invoke(app, ["erase", "--calendars", *options])

    assert (done.exit_code, done.output) == (0, f"Erased: {6 - len(left)}.\n")
    found = [name for name, token in tokens.items() if line.get(f"{DOOR}/{token}").status_code == 200]
    assert sorted(found) == left
    assert make(line, "one-phone-more").status_code == 201
    with reading() as db:
        assert len(db.exec(select(CalendarBookmark)).all()) == len(left) * len(slugs(line))
        noted = db.exec(select(AuditEntry.subject).where(AuditEntry.act == "erase_calendars")).all()
    assert sum(map(int, noted)) == 6 - len(left)


@pytest.mark.parametrize("options", [[], ["--all"], ["--since", "2024-02-12", "--state", "pending"]], ids=str)
def test_command_line_erases_no_calendars_by_mistake(line: TestClient, options: list[str]) -> None:
    token = made(line)["token"]

    done = CliRunner().invoke(app, ["erase", "--calendars", *options])

    assert done.exit_code == 2
    assert line.get(f"{DOOR}/{token}").status_code == 200


def test_a_full_disk_takes_no_new_calendars_and_still_requests(
    line: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made(line, bookmarks=slugs(line))
    assert "disk" not in line.get("/readyz").json()
    forget()
    monkeypatch.setattr(database, "_LEAST_FREE", 2**62)

    refused = make(line, "another-phone")

    assert (refused.status_code, refused.json()["code"]) == (503, "no_room")
    assert made(line) == before
    assert asked(line, "Dana")
    ready = line.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert ready.json()["disk"].endswith(
        "MB are left for the database: no new calendars are made, no requests held back."
    )


def asked(line: TestClient, who: str, **given: Any) -> str:
    """Ask for a meeting and give the request's token."""
    token: str = send(line, new_request(who, **given)).json()["token"]
    return token


def number_of(db: Session, who: str) -> int:
    return db.exec(select(MeetingRequest).where(col(MeetingRequest.name) == who)).one().id or 0


def only(line: TestClient, token: str) -> tuple[str, str, int, datetime]:
    [entry] = entries(file(line, token)).values()
    return str(entry["uid"]), str(entry["status"]), entry["sequence"], entry["dtstart"].dt


def test_a_meeting_follows_from_wish_to_cancellation_under_one_uid(line: TestClient) -> None:
    mine = asked(line, "Dana", slot=TEN.isoformat())
    token = made(line, meetings=[mine])["token"]
    seen = [only(line, token)]
    with writing() as db:
        member = add_member(db, "aigul")
        later = terms(member, TEN + timedelta(hours=1))
        meetings.propose(db, number_of(db, "Dana"), member, later, LATER)
        member_id = member.id
    seen.append(only(line, token))
    with writing() as db:
        request = db.get_one(MeetingRequest, number_of(db, "Dana"))
        answers.answer_accept(db, mine, request.proposal or 0, LATER)
    seen.append(only(line, token))
    with writing() as db:
        meetings.cancel(db, number_of(db, "Dana"), db.get_one(StaffMember, member_id), LATER)
    seen.append(only(line, token))

    assert [each[1] for each in seen] == ["TENTATIVE", "TENTATIVE", "CONFIRMED", "CANCELLED"]
    assert [each[3] - TEN for each in seen] == [timedelta(hours=each) for each in (0, 1, 1, 1)]
    assert len({each[0] for each in seen}) == 1
    assert [each[2] for each in seen] == sorted(each[2] for each in seen)


def test_nobody_else_is_in_a_calendar(line: TestClient) -> None:
    mine = asked(line, "Dana", slot=TEN.isoformat())
    other = asked(line, "Canary", slot=TEN.isoformat(), reason="+998 71 123 45 67")
    body = file(line, made(line, bookmarks=slugs(line), meetings=[mine])["token"])

    assert len(entries(body)) == 9
    for secret in (b"Canary", b"canary", b"@ministry", b"998 71", b"ATTENDEE", mine.encode(), other.encode()):
        assert secret not in body.replace(b"\r\n ", b"")


def test_all_addresses_end_thirty_days_after_the_conference(
    line: TestClient, environment: Environment
) -> None:
    token = made(line, bookmarks=slugs(line))["token"]
    with writing() as db:
        assert calendars.find(db, token, LAST_MOMENT)
        assert not calendars.has_due_end(db, the_conference(db), LAST_MOMENT)
        do_duties(db, OVER)
        tables = (PersonalCalendar, CalendarBookmark, CalendarMeeting)
        assert [db.exec(select(each)).all() for each in tables] == [[], [], []]

    environment(NOW="2024-03-19T00:00:01+05:00")

    assert line.get(f"{DOOR}/{token}.ics").status_code == 410
    assert make(line, "another-key").status_code == 410


def test_a_flood_of_calendars_has_to_work_for_it(line: TestClient) -> None:
    for number in range(200):
        made(line, f"a-phone-{number:04}")

    refused = make(line, "one-phone-more")

    assert (refused.status_code, refused.json()["code"]) == (428, "proof_wanted")


def test_counts_the_calendars_that_a_release_touches(line: TestClient) -> None:
    first, second, third, *_ = slugs(line)
    made(line, "one-phone", bookmarks=[first, second])
    made(line, "two-phones", bookmarks=[second])

    with reading() as db:
        found = [calendars.touched(db, each) for each in ([first, second], [first], [third], [])]
    assert found == [2, 1, 0, 0]


def test_a_release_says_first_how_many_calendars_follow(line: TestClient) -> None:
    first, second, *_ = slugs(line)
    made(line, "one-phone", bookmarks=[first])
    made(line, "two-phones", bookmarks=[second])

    with writing() as db:
        event = db.exec(select(Event).where(Event.slug == first)).one()
        event.title = "Another title"
        db.add(event)
        db.flush()

        assert releasing.preview(db).calendars == 1


def test_a_backup_does_not_bring_a_stopped_address_back(line: TestClient) -> None:
    token = made(line, bookmarks=slugs(line))["token"]
    kept = made(line, "another-key", bookmarks=slugs(line))["token"]
    with reading() as db:
        taken = take_backup(db, "here", LATER)
    line.delete(f"{DOOR}/{token}")

    with writing() as db:
        restore_backup(db, taken, "here", LATER, replaces=True)

    assert line.get(f"{DOOR}/{token}.ics").status_code == 410
    assert len(entries(file(line, kept))) == 8
    with reading() as db:
        assert len(db.exec(select(CalendarBookmark)).all()) == 8


def test_no_address_is_kept_or_logged(line: TestClient) -> None:
    token = made(line, bookmarks=[])["token"]

    with reading() as db:
        [kept] = db.exec(select(PersonalCalendar)).all()
    assert token not in str(kept.model_dump())
    assert token not in masked(f"GET {DOOR}/{token}.ics 200")
