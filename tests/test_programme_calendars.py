"""The calendars of all, of a room, a site and a day: what they hold, their names, and what leaves them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from copapp.api.stored import forget
from copapp.database import writing
from copapp.models import Event, EventStatus, Room
from copapp.services.release import publish
from copapp.services.slots import the_conference
from tests.calendar_readers import READERS, expected, read_by_vobject

LATER = datetime(2024, 2, 12, 8, 0, tzinfo=UTC)
ALL = "/api/v1/programme.ics"
BUKHARA, FERGHANA, EXPO = (
    "/api/v1/rooms/bukhara.ics",
    "/api/v1/rooms/ferghana.ics",
    "/api/v1/sites/expo-centre.ics",
)
TUESDAY, EMPTY_DAY = "/api/v1/days/2024-02-13.ics", "/api/v1/days/2024-02-17.ics"
FOLLOWED = [ALL, BUKHARA, EXPO, TUESDAY]
NETWORKING, RECOVERY = "saiga-networking@cop14.copapp", "saiga-recovery@cop14.copapp"


def fetched(line: TestClient, path: str) -> bytes:
    answer = line.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return answer.content


def read(body: bytes) -> Any:
    return icalendar.Calendar.from_ical(body)


def entries(line: TestClient, path: str) -> dict[str, Any]:
    return {str(each["uid"]): each for each in read(fetched(line, path)).walk("VEVENT")}


def held_by(programme: dict[str, Any], path: str) -> dict[str, Any]:
    """The programme as it would be if it held only what belongs under that address."""
    rooms = {room["slug"]: room["site"] for room in programme["rooms"]}
    events = [
        event
        for event in programme["events"]
        if path == ALL
        or (path == BUKHARA and event["room"] == "bukhara")
        or (path == EXPO and rooms[event["room"]] == "expo-centre")
        or (path == TUESDAY and event["starts"].startswith("2024-02-13"))
    ]
    return programme | {"events": events}


@pytest.mark.parametrize("path", FOLLOWED)
@pytest.mark.parametrize("reader", READERS, ids=lambda each: each.__name__)
def test_each_holds_its_own_and_is_read_alike(line: TestClient, path: str, reader: Any) -> None:
    programme = held_by(line.get("/api/v1/programme").json(), path)

    assert programme["events"]
    assert reader(fetched(line, path)) == expected(programme)


@pytest.mark.parametrize("path", [*FOLLOWED, EMPTY_DAY])
def test_each_says_how_to_follow_it(line: TestClient, path: str) -> None:
    body = fetched(line, path)
    whole = read(body)

    assert str(whole["name"]) == str(whole["x-wr-calname"])
    assert str(whole["color"]) == "steelblue"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in body
    assert str(whole["x-published-ttl"]) == "PT1H"
    assert [str(zone["tzid"]) for zone in whole.walk("VTIMEZONE")] == ["Asia/Samarkand"]
    for event in whole.walk("VEVENT"):
        assert (event["geo"].latitude, event["geo"].longitude) == (39.6596, 67.05576)
        assert event["dtstamp"].dt == event["last-modified"].dt
        assert event["sequence"] >= 0
    assert all(len(each) <= 75 for each in body.split(b"\r\n"))


@pytest.mark.parametrize(
    ("path", "language", "name"),
    [
        (ALL, "en", "CMS COP14 · Altyn Dala Conservation Initiative"),
        (BUKHARA, "ru", "CMS COP14 · Room Bukhara"),
        (EXPO, "fr", "CMS COP14 · Expo Centre"),
        (TUESDAY, "en", "CMS COP14 · Tuesday 13 February"),
        (TUESDAY, "fr", "CMS COP14 · Mardi 13 février"),
        (TUESDAY, "es", "CMS COP14 · Martes 13 de febrero"),
        (TUESDAY, "ru", "CMS COP14 · Вторник 13 февраля"),
    ],
)
def test_name_says_which_it_is(line: TestClient, path: str, language: str, name: str) -> None:
    assert str(read(fetched(line, f"{path}?language={language}"))["name"]) == name


def test_text_is_in_the_language_asked_for(line: TestClient) -> None:
    told = {
        language: str(entries(line, f"{TUESDAY}?language={language}")[NETWORKING]["description"])
        for language in ("en", "fr", "es", "ru")
    }

    assert told == {
        "en": "End not announced.",
        "fr": "Fin non annoncée.",
        "es": "Fin sin anunciar.",
        "ru": "Окончание не объявлено.",
    }


def test_language_we_do_not_speak_is_refused_in_words(line: TestClient) -> None:
    answer = line.get(f"{BUKHARA}?language=tlh")

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["field"] == "query.language"


@pytest.mark.parametrize(
    "path",
    ["rooms/attic.ics", "sites/attic.ics", "days/2024-02-18.ics", "days/tuesday.ics", "days/2024-02-31.ics"],
)
def test_what_the_programme_does_not_hold_is_a_problem(line: TestClient, path: str) -> None:
    answer = line.get(f"/api/v1/{path}")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    told = f"The programme holds no such {path.partition('s/')[0]}; GET /api/v1/programme lists them all."
    assert answer.json()["detail"] == told


@pytest.mark.parametrize("path", [*FOLLOWED, EMPTY_DAY])
def test_unchanged_it_is_the_same_bytes_and_a_304(line: TestClient, path: str) -> None:
    first = line.get(path)
    forget()
    again, head = line.get(path), line.head(path)
    known = line.get(path, headers={"if-none-match": first.headers["etag"]})

    assert again.content == first.content
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])
    assert (known.status_code, known.content) == (304, b"")


def test_day_without_an_event_is_empty_and_well_formed(line: TestClient) -> None:
    """RFC 5545, 3.6: at least one component. A day before it is filled can be followed."""
    body = fetched(line, EMPTY_DAY)

    assert [each.name for each in read(body).subcomponents] == ["VTIMEZONE"]
    # vobject has no list where there is nothing to list.
    assert [reader(body) for reader in READERS if reader is not read_by_vobject] == [{}] * (len(READERS) - 1)


def change(slug: str, **values: Any) -> None:
    """Change an event of the draft and release it."""
    with writing() as db:
        event = db.exec(select(Event).where(Event.slug == slug)).one()
        event.sqlmodel_update(values)
        db.add(event)
        publish(db, the_conference(db), LATER)
    forget()


def test_event_that_moves_leaves_its_room_and_comes_to_the_other(line: TestClient) -> None:
    before = entries(line, BUKHARA)[RECOVERY]
    assert RECOVERY not in entries(line, FERGHANA)
    with writing() as db:
        to = db.exec(select(Room.id).where(Room.slug == "ferghana")).one()

    change("saiga-recovery", room_id=to)

    assert RECOVERY not in entries(line, BUKHARA)
    after = entries(line, FERGHANA)[RECOVERY]
    assert after["sequence"] > before["sequence"]
    assert RECOVERY in entries(line, EXPO)


def test_event_that_moves_to_another_day_leaves_the_first(line: TestClient) -> None:
    starts: datetime = entries(line, TUESDAY)[NETWORKING]["dtstart"].dt

    change("saiga-networking", starts=(starts + timedelta(days=1)).astimezone(UTC))

    assert NETWORKING not in entries(line, TUESDAY)
    assert NETWORKING in entries(line, TUESDAY.replace("13", "14"))


def test_cancelled_event_stays_in_its_room_as_cancelled(line: TestClient) -> None:
    change("saiga-recovery", status=EventStatus.CANCELLED)

    assert [str(entries(line, path)[RECOVERY]["status"]) for path in (BUKHARA, EXPO, TUESDAY)] == [
        "CANCELLED"
    ] * 3
