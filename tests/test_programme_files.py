"""The programme's files through their doors: as a reader asks for them, and back into their draft."""

import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import brotli
import pytest
from jsonschema import Draft6Validator, FormatChecker
from lxml import etree
from sqlmodel import delete
from starlette.testclient import TestClient

from copapp.api import create_api
from copapp.api import stored as stored_module
from copapp.api.stored import forget
from copapp.database import migrate, writing
from copapp.domain.source import SourceProgramme
from copapp.interop.conference_folder import read_folder
from copapp.interop.programme_exports import WRITERS
from copapp.models import Event
from copapp.services import importing
from copapp.services.programme import apply_source
from copapp.services.queries import draft_events
from copapp.services.release import publish
from copapp.services.slots import the_conference
from copapp.settings import DATA
from tests.conftest import NOW, Environment
from tests.programme_files import shared_file

DOORS = {
    "/api/v1/programme.ics": "text/calendar; charset=utf-8",
    "/api/v1/programme/schedule.xml": "application/xml",
    "/api/v1/programme/schedule.json": "application/json",
    "/api/v1/programme/programme.csv": "text/csv; charset=utf-8",
    "/api/v1/programme/programme.xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
FILES = [path for path in DOORS if "/programme/" in path]
EXCEL = FILES[-1]
REAL_FILES = {
    "voc-example.frab-camp2019.json": 79,
    "voc-example.hub-schedule2.json": 2,
    "voc-example.pretalx-democon.json": 36,
    "pdc-2021.schedule.ics": 47,
}


@pytest.fixture
def api(environment: Environment, tiny: SourceProgramme) -> Iterator[TestClient]:
    """The API over the tiny conference, released: an open end, a cancelled event."""
    environment(PUBLIC_URL="https://cop.example")
    migrate()
    with writing() as db:
        publish(db, apply_source(db, tiny, NOW), NOW)
    with TestClient(create_api()) as client:
        yield client


@pytest.mark.parametrize("path", FILES)
def test_file_has_its_type_name_date_and_etag(api: TestClient, path: str) -> None:
    answer = api.get(path)
    again = api.get(path, headers={"if-none-match": answer.headers["etag"]})
    head = api.head(path)

    assert answer.headers["content-type"] == DOORS[path]
    assert answer.headers["last-modified"] == "Thu, 01 Feb 2024 08:00:00 GMT"
    file = f"tiny-{path.rpartition('/')[2]}"
    assert answer.headers["content-disposition"] == f'attachment; filename="{file}"'
    assert (again.status_code, again.content) == (304, b"")
    assert (again.headers["etag"], head.headers["etag"]) == (answer.headers["etag"],) * 2
    assert (head.status_code, head.headers["content-type"]) == (200, DOORS[path])


@pytest.mark.parametrize("path", FILES)
def test_file_is_compressed_as_asked_and_written_once_for_each(api: TestClient, path: str) -> None:
    found = {}
    for accepts in ("br", "gzip", "identity", "br"):
        with api.stream("GET", path, headers={"accept-encoding": accepts}) as answer:
            found[accepts] = answer.headers.get("content-encoding"), b"".join(answer.iter_raw())

    plain = found["identity"][1]
    if path == EXCEL:
        assert set(found.values()) == {(None, plain)}
    else:
        assert (found["br"][0], brotli.decompress(found["br"][1])) == ("br", plain)
        assert (found["gzip"][0], gzip.decompress(found["gzip"][1])) == ("gzip", plain)
    held = stored_module.stored()
    assert held is not None
    assert len(held.files) == (1 if path == EXCEL else 3)


def test_many_who_come_at_once_wait_for_one_writing(api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    write = WRITERS["schedule.xml"]

    def count_and_write(programme: dict[str, Any], public_url: str) -> bytes:
        written.append(public_url)
        return write(programme, public_url)

    monkeypatch.setitem(WRITERS, "schedule.xml", count_and_write)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(api.get, ["/api/v1/programme/schedule.xml"] * 24))

    assert {answer.status_code for answer in found} == {200}
    assert len(written) == 1


@pytest.mark.parametrize("path", FILES)
def test_another_release_is_another_file(api: TestClient, path: str, tiny: SourceProgramme) -> None:
    before = api.get(path)
    with writing() as db:
        about = the_conference(db)
        event = draft_events(db)[0]
        event.title = "Another title"
        db.add(event)
        db.flush()
        publish(db, about, NOW)
    forget()  # the second of patience is not what is tested here

    after = api.get(path, headers={"if-none-match": before.headers["etag"]})

    assert after.status_code == 200
    assert after.content != before.content


@pytest.mark.parametrize("path", FILES)
def test_nothing_released_is_a_problem_document(environment: Environment, path: str) -> None:
    migrate()
    with TestClient(create_api()) as client:
        answer = client.get(path)

    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")


@pytest.fixture
def cop14(environment: Environment) -> Iterator[TestClient]:
    """The API over COP14 as its data folder has it, released."""
    environment(PUBLIC_URL="https://cop.example")
    migrate()
    with writing() as db:
        publish(db, apply_source(db, read_folder(DATA / "cop14"), NOW), NOW)
    with TestClient(create_api()) as client:
        yield client


@pytest.fixture(params=REAL_FILES)
def real(
    request: pytest.FixtureRequest, environment: Environment, tiny: SourceProgramme
) -> Iterator[TestClient]:
    """The API over a real file of another producer: imported into an empty draft, and released."""
    content = shared_file(request.param).read_bytes()
    environment(PUBLIC_URL="https://cop.example")
    migrate()
    with writing() as db:
        about = apply_source(db, tiny, NOW)
        db.exec(delete(Event))
        seen = importing.look(db, content).seen
        taken = importing.apply_import(db, None, content, seen, frozenset(), NOW)
        assert len(taken.difference.added) == REAL_FILES[request.param]
        publish(db, about, NOW)
    with TestClient(create_api()) as client:
        yield client


def test_what_a_real_file_brought_goes_out_valid_and_comes_back_as_no_difference(real: TestClient) -> None:
    goes_out_valid_and_comes_back_as_no_difference(real)


def test_cop14_goes_out_valid_and_comes_back_as_no_difference(cop14: TestClient) -> None:
    goes_out_valid_and_comes_back_as_no_difference(cop14)


def goes_out_valid_and_comes_back_as_no_difference(api: TestClient) -> None:
    fetched = {path: api.get(path).content for path in DOORS}
    released = len(api.get("/api/v1/programme").json()["events"])

    xsd = etree.XMLSchema(etree.parse(shared_file("schedule.xml.xsd")))
    xsd.assertValid(etree.fromstring(fetched["/api/v1/programme/schedule.xml"]))
    schema = Draft6Validator(
        json.loads(shared_file("schema.json").read_bytes()), format_checker=FormatChecker()
    )
    document = json.loads(fetched["/api/v1/programme/schedule.json"])
    assert [error.message for error in schema.iter_errors(document)] == []
    with writing() as db:
        for path, content in fetched.items():
            found = importing.look(db, content)
            assert (found.skipped, found.new_rooms) == ([], []), path
            assert found.difference.is_empty, path
            assert len(found.difference.same) == released, path
