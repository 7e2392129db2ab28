"""The doors of the API, asked as a phone, a calendar and a probe ask them."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import brotli
import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from copapp.api import create_api
from copapp.api import stored as stored_module
from copapp.api.stored import forget
from copapp.chore_runs import note_done, note_failed
from copapp.database import engine, migrate, writing
from copapp.domain.source import SourceProgramme
from copapp.presenters.programme import ProgrammeShape
from copapp.services.programme import apply_source
from copapp.services.release import publish
from copapp.services.seed import seed
from tests.conftest import NOW, Environment

PROGRAMME = "/api/v1/programme"
GOLDEN = Path(__file__).parent / "golden" / "programme.json"
PLAIN = {"accept-encoding": "identity"}


@pytest.fixture
def api(environment: Environment, tiny: SourceProgramme) -> Iterator[TestClient]:
    """The API over the released tiny conference, its clock a preview."""
    environment(NOW="2024-03-30T10:00:00+00:00")
    migrate()
    with writing() as db:
        seed(db, tiny, NOW)
    with TestClient(create_api()) as client:
        yield client


def test_programme_is_the_latest_release(api: TestClient, tiny: SourceProgramme) -> None:
    answer = api.get(PROGRAMME)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert [event["slug"] for event in answer.json()["events"]] == [event.slug for event in tiny.events]


def test_programme_carries_the_servers_instant_outside_its_etag(api: TestClient) -> None:
    first, second = api.get(PROGRAMME), api.get(PROGRAMME)

    instants = [datetime.fromisoformat(each.headers["copapp-now"]) for each in (first, second)]
    assert instants[0] <= instants[1]
    assert first.headers["copapp-now"].startswith("2024-03-30T10:00")
    assert first.headers["copapp-clock"] == "preview"
    assert first.headers["etag"] == second.headers["etag"]


def test_clock_is_real_without_the_variable(api: TestClient, environment: Environment) -> None:
    environment(NOW="")

    assert api.get(PROGRAMME).headers["copapp-clock"] == "real"


@pytest.mark.parametrize("known", ["{}", "W/{}", '"other", {}', "*"])
def test_known_programme_is_not_sent_again(api: TestClient, known: str) -> None:
    etag = api.get(PROGRAMME).headers["etag"]

    answer = api.get(PROGRAMME, headers={"if-none-match": known.format(etag)})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag
    assert "copapp-now" in answer.headers


@pytest.mark.parametrize("known", ['"other"', "nonsense", ""])
def test_unknown_etag_gets_the_programme(api: TestClient, known: str) -> None:
    assert api.get(PROGRAMME, headers={"if-none-match": known}).status_code == 200


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.5", "br"),
        ("GZIP", "gzip"),
        ("identity", None),
        ("deflate", None),
    ],
)
def test_programme_is_compressed_as_asked(api: TestClient, accepts: str, encoding: str | None) -> None:
    with api.stream("GET", PROGRAMME, headers={"accept-encoding": accepts}) as answer:
        body = b"".join(answer.iter_raw())

    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "accept-encoding"
    opened = {"br": brotli.decompress, "gzip": gzip.decompress}.get(encoding or "", bytes)(body)
    assert json.loads(opened)["conference"]["slug"] == "tiny"


def test_new_release_is_seen(api: TestClient, tiny: SourceProgramme) -> None:
    before = api.get(PROGRAMME)
    with writing() as db:
        publish(db, apply_source(db, tiny, NOW), NOW)
    forget()  # the second of patience is not what is tested here

    after = api.get(PROGRAMME, headers={"if-none-match": before.headers["etag"]})

    assert (before.json()["release"]["number"], after.json()["release"]["number"]) == (1, 2)


@pytest.mark.parametrize("path", ["/api/v1/programme.ics", "/api/v1/events/opening.ics"])
def test_calendar_file_has_its_type_and_etag(api: TestClient, path: str) -> None:
    answer = api.get(path)
    again = api.get(path, headers={"if-none-match": answer.headers["etag"]})

    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["last-modified"] == "Thu, 01 Feb 2024 08:00:00 GMT"
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert (again.status_code, again.content) == (304, b"")


def test_openapi_describes_the_doors(api: TestClient) -> None:
    described = api.get("/api/v1/openapi.json").json()

    assert set(described["paths"]) == {
        "/api/v1/programme",
        "/api/v1/changes",
        "/changes.atom",
        "/api/v1/calendars",
        "/api/v1/calendars/{token}",
        "/api/v1/calendars/{token}.ics",
        "/api/v1/programme.ics",
        "/api/v1/programme.pdf",
        "/api/v1/programme/schedule.xml",
        "/api/v1/programme/schedule.json",
        "/api/v1/programme/programme.csv",
        "/api/v1/programme/programme.xlsx",
        "/api/v1/posters.pdf",
        "/api/v1/events/{slug}.ics",
        "/api/v1/rooms/{slug}.ics",
        "/api/v1/sites/{slug}.ics",
        "/api/v1/days/{day}.ics",
        "/api/v1/venue",
        "/api/v1/slots",
        "/api/v1/meeting-requests",
        "/api/v1/meeting-requests/{token}",
        "/api/v1/meeting-requests/{token}.ics",
        "/api/v1/meeting-requests/{token}/answer",
        "/api/v1/meeting-requests/{token}/cancel",
        "/healthz",
        "/readyz",
    }
    answer = described["paths"]["/api/v1/programme"]["get"]["responses"]["200"]["content"]
    assert answer["application/json"]["schema"] == {"$ref": "#/components/schemas/ProgrammeShape"}
    assert set(described["components"]["schemas"]["WalkShape"]["properties"]) == {
        "from",
        "to",
        "minutes",
        "estimate",
        "basis",
    }


EVERY_PATH = [
    PROGRAMME,
    "/api/v1/programme.ics",
    "/api/v1/events/opening.ics",
    "/api/v1/openapi.json",
    "/healthz",
    "/readyz",
]


@pytest.mark.parametrize("path", EVERY_PATH)
def test_head_answers_as_get_does_without_a_body(api: TestClient, path: str) -> None:
    get, head = api.get(path), api.head(path)

    assert (head.status_code, head.content) == (200, b"")
    now = {"copapp-now": "the clock ran on between the two"}
    assert dict(head.headers) | now == dict(get.headers) | now


def test_calendar_of_a_programme_without_events_is_empty(
    environment: Environment, tiny: SourceProgramme
) -> None:
    """The time of its last change was once asked of the events, of which there were none."""
    migrate()
    with writing() as db:
        seed(db, replace(tiny, events=[]), NOW)

    with TestClient(create_api()) as client:
        answer = client.get("/api/v1/programme.ics")

    assert answer.status_code == 200
    assert b"VEVENT" not in answer.content


def test_calendar_follows_a_new_release(api: TestClient, tiny: SourceProgramme) -> None:
    before = api.get("/api/v1/events/opening.ics")
    moved = replace(tiny, events=[replace(tiny.events[0], title="Renamed"), *tiny.events[1:]])
    with writing() as db:
        publish(db, apply_source(db, moved, NOW), NOW)
    forget()

    after = api.get("/api/v1/events/opening.ics", headers={"if-none-match": before.headers["etag"]})

    assert b"SUMMARY:Renamed" in after.content
    assert after.headers["etag"] != before.headers["etag"]


def test_programme_and_its_description_agree() -> None:
    """What phones get is what the OpenAPI document says, no key more and none less."""
    shape = TypeAdapter(ProgrammeShape)
    golden = GOLDEN.read_text("utf-8")

    assert shape.dump_python(shape.validate_json(golden), mode="json", by_alias=True) == json.loads(golden)


PROBLEMS = [
    ("GET", "/api/v1/nothing", 404, "There is nothing at this address"),
    ("GET", "/api/v1/events/nothing.ics", 404, "There is nothing at this address"),
    ("DELETE", "/api/v1/programme", 405, "This address does not take that method"),
]


@pytest.mark.parametrize(("method", "path", "status", "title"), PROBLEMS)
def test_error_is_a_problem_document(
    api: TestClient, method: str, path: str, status: int, title: str
) -> None:
    answer = api.request(method, path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["title"], answer.json()["status"]) == (title, status)
    assert "GET /api/v1/" in answer.json()["detail"]


def test_unknown_events_problem_says_what_would_be_right(api: TestClient) -> None:
    detail = api.get("/api/v1/events/nothing.ics").json()["detail"]

    assert detail == "The programme holds no such event; GET /api/v1/programme lists them all."


def test_bad_field_is_named(environment: Environment) -> None:
    strict: FastAPI = create_api()

    @strict.get("/strict")
    def count(limit: int) -> None:
        raise AssertionError(limit)

    with TestClient(strict) as client:
        answer = client.get("/strict", params={"limit": "many"})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [each["field"] for each in answer.json()["errors"]] == ["query.limit"]
    assert "integer" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize("contact", ["", "security@cop.example"])
def test_who_finds_a_hole_is_told_whom_to_tell(
    api: TestClient, tiny: SourceProgramme, environment: Environment, contact: str
) -> None:
    environment(NOW="2024-02-12T10:00:00Z", PUBLIC_URL="https://cop.example")
    with writing() as db:
        named = replace(tiny, conference=replace(tiny.conference, contact_email=contact))
        publish(db, apply_source(db, named, NOW), NOW)
    forget()

    answer = api.get("/.well-known/security.txt")

    if not contact:
        assert (answer.status_code, answer.json()["code"]) == (404, "no_contact")
        return
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == [
        "Contact: mailto:security@cop.example",
        "Expires: 2024-05-12T10:00:00Z",
        "Preferred-Languages: en, fr, es, ru",
        "Canonical: https://cop.example/.well-known/security.txt",
    ]


def test_fault_is_a_problem_document_without_its_cause(environment: Environment) -> None:
    broken: FastAPI = create_api()

    @broken.get("/broken")
    def fail() -> None:
        raise RuntimeError("secret")

    with TestClient(broken, raise_server_exceptions=False) as client:
        answer = client.get("/broken")

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text


def test_ready_only_with_a_release(environment: Environment, tiny: SourceProgramme) -> None:
    with TestClient(create_api()) as client:
        unmigrated = client.get("/readyz")
        migrate()
        empty = client.get("/readyz")
        with writing() as db:
            seed(db, tiny, NOW)
        seeded = client.get("/readyz")

    assert [each.status_code for each in (unmigrated, empty, seeded)] == [503, 503, 200]
    assert unmigrated.json()["detail"] == "The database is not migrated: run `copapp seed` or `copapp serve`."
    assert empty.json()["detail"] == "No release exists yet: run `copapp seed`."


def test_ready_only_with_redis_where_one_is_named(
    environment: Environment, tiny: SourceProgramme, redis_url: str
) -> None:
    migrate()
    with writing() as db:
        seed(db, tiny, NOW)
    found = []
    for url in (redis_url, "redis://someone:secret@127.0.0.1:1/0", "redis://127.0.0.1:nonsense/0"):
        environment(REDIS_URL=url)
        with TestClient(create_api()) as client:
            found.append(client.get("/readyz"))

    assert [each.status_code for each in found] == [200, 503, 503]
    assert found[0].json() == {"status": "ready", "needs": {"database": "ok", "redis": "ok"}, "chores": {}}
    assert found[1].json() == found[2].json()
    assert found[1].json()["needs"] == {
        "database": "ok",
        "redis": "Redis does not answer: staff's pages stay without their connection.",
    }
    assert found[1].headers["content-type"] == "application/problem+json"


def test_ready_tells_how_each_chore_goes(environment: Environment, tiny: SourceProgramme) -> None:
    """One that fails is no reason to take the pages away, but is named."""
    migrate()
    with writing() as db:
        seed(db, tiny, NOW)
    note_done("delivery", NOW)
    note_failed("lapsing", NOW)

    with TestClient(create_api()) as client:
        found = client.get("/readyz")

    assert found.status_code == 200
    assert set(found.json()["chores"]) == {"delivery", "lapsing"}
    delivery, lapsing = found.json()["chores"]["delivery"], found.json()["chores"]["lapsing"]
    assert (delivery["last_good"], delivery["failing_since"]) == ("2024-02-01T08:00:00+00:00", None)
    assert delivery["seconds_since"] > 0
    assert lapsing == {
        "last_good": None,
        "seconds_since": None,
        "failing_since": "2024-02-01T08:00:00+00:00",
    }


def test_what_the_front_door_needs_is_asked_too(environment: Environment) -> None:
    with TestClient(create_api({"site": lambda: "The drawn site lacks 1 files."})) as client:
        answer = client.get("/readyz")

    assert list(answer.json()["needs"]) == ["database", "redis", "site"]
    assert answer.json()["detail"].endswith("The drawn site lacks 1 files.")


def test_alive_without_a_database(environment: Environment) -> None:
    with TestClient(create_api()) as client:
        assert client.get("/healthz").json() == {"status": "ok"}


def test_programme_before_the_first_release_is_a_problem(environment: Environment) -> None:
    migrate()

    with TestClient(create_api()) as client:
        answer = client.get(PROGRAMME, headers=PLAIN)
        calendar = client.get("/api/v1/programme.ics")

    assert (answer.status_code, answer.json()["detail"]) == (503, "Run `copapp seed`.")
    assert (calendar.status_code, calendar.json()["title"]) == (503, "The app cannot serve yet")


def test_held_release_outlives_the_database(api: TestClient, environment: Environment) -> None:
    """Venue power, a restart of PostgreSQL: delegates keep reading while the database is away."""
    before = api.get(PROGRAMME)
    engine().dispose()
    held = Path(engine().url.database or "")
    held.rename(held.with_suffix(".away"))
    held.mkdir()
    stored_module._looked_at = float("-inf")

    after = api.get(PROGRAMME)

    assert (after.status_code, after.content) == (200, before.content)
    assert api.get("/readyz").json()["detail"] == "The database does not answer."
