"""The release on paper, read as a stranger's programs read it: text, pages, codes, tags."""

import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2 as pdfium
import pytest
import zxingcpp
from starlette.testclient import TestClient

from copapp.api import create_api
from copapp.database import migrate, writing
from copapp.i18n import LANGUAGES
from copapp.interop.conference_folder import read_folder
from copapp.interop.paper import PAPERS
from copapp.services.queries import latest_plan, latest_release
from copapp.services.seed import seed
from copapp.settings import DATA
from tests.conftest import NOW, Environment

ADDRESS = "https://days.example.org"
IN_EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
NO_END = {
    "en": "end not announced",
    "fr": "fin non annoncée",
    "es": "fin sin anunciar",
    "ru": "окончание не объявлено",
}
TUESDAY = {
    "en": "Tuesday 13 February",
    "fr": "Mardi 13 février",
    "es": "Martes 13 de febrero",
    "ru": "Вторник 13 февраля",
}
DATES = {
    "en": "12–17 February 2024",
    "fr": "12–17 février 2024",
    "es": "12–17 de febrero de 2024",
    "ru": "12–17 февраля 2024",
}


@pytest.fixture
def released(environment: Environment) -> tuple[dict[str, Any], dict[str, Any]]:
    """The real conference: its release and its plan, as the API gives them."""
    environment(CONFERENCE="cop14", PUBLIC_URL=ADDRESS)
    return release_of(DATA / "cop14")


def release_of(folder: Path) -> tuple[Any, Any]:
    migrate()
    with writing() as db:
        seed(db, read_folder(folder), NOW)
        release, plan = latest_release(db), latest_plan(db)
        assert release is not None
        return json.loads(release.document), json.loads(plan.document) if plan else None


@pytest.fixture
def api(released: tuple[dict[str, Any], dict[str, Any]]) -> Iterator[TestClient]:
    with TestClient(create_api()) as client:
        yield client


def text_of(paper: bytes) -> str:
    """Read all text, one space for every gap."""
    return " ".join(
        " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages).split()
    )


def codes_on(paper: bytes, page: int = 0) -> list[str]:
    """Print a page at 150 dots an inch, and hold a phone before it."""
    document = pdfium.PdfDocument(paper)
    try:
        return [
            found.text for found in zxingcpp.read_barcodes(document[page].render(scale=150 / 72).to_pil())
        ]
    finally:
        document.close()


def assert_in_order(parts: list[str], text: str) -> None:
    at = 0
    for part in parts:
        found = text.find(part, at)
        assert found >= 0, f"{part!r} is not in {text[at : at + 400]!r}"
        at = found + len(part)


@IN_EACH_LANGUAGE
def test_programme_is_one_page_that_says_all_in_order(
    released: tuple[dict[str, Any], dict[str, Any]], language: str
) -> None:
    programme, venue = released
    rooms = {room["slug"]: room for room in programme["rooms"]}
    sites = {site["slug"]: site["name"] for site in programme["sites"]}
    about = programme["conference"]

    paper = PAPERS["programme"](programme, venue, language, ADDRESS)

    said = [
        about["organisation"],
        about["name"],
        about["long_name"],
        DATES[language],
        about["place"],
        "UTC+5",
    ]
    for event in programme["events"]:
        starts = datetime.fromisoformat(event["starts"])
        ends = event["ends"] and datetime.fromisoformat(event["ends"])
        until = f"{starts:%H:%M}–{ends:%H:%M}" if ends else f"{starts:%H:%M} {NO_END[language]}"
        room = rooms[event["room"]]
        said += [until, event["title"], room["name"], sites[room["site"]]]
    text = text_of(paper)
    assert len(pypdf.PdfReader(io.BytesIO(paper)).pages) == 1
    assert_in_order(said, text)
    assert TUESDAY[language] in text
    assert all(
        room["name"] in text.rpartition(programme["events"][-1]["title"])[2] for room in rooms.values()
    )


@IN_EACH_LANGUAGE
def test_programme_leads_to_the_app(released: tuple[dict[str, Any], dict[str, Any]], language: str) -> None:
    paper = PAPERS["programme"](*released, language, ADDRESS)

    assert codes_on(paper) == [ADDRESS]
    assert "days.example.org" in text_of(paper)


def test_the_same_values_give_the_same_bytes(released: tuple[dict[str, Any], dict[str, Any]]) -> None:
    first, second = (PAPERS["programme"](*released, "ru", ADDRESS) for _ in range(2))

    assert first == second


@IN_EACH_LANGUAGE
def test_paper_says_what_it_is(released: tuple[dict[str, Any], dict[str, Any]], language: str) -> None:
    reader = pypdf.PdfReader(io.BytesIO(PAPERS["programme"](*released, language, ADDRESS)))

    assert reader.metadata is not None
    assert reader.metadata.title is not None
    assert reader.metadata.title.startswith(released[0]["conference"]["name"])
    assert reader.metadata.author == released[0]["conference"]["organisation"]
    assert reader.metadata.creation_date == datetime.fromisoformat(released[0]["release"]["released_at"])
    catalog: Any = reader.root_object
    assert (catalog["/Lang"], bool(catalog["/MarkInfo"]["/Marked"])) == (language, True)


def test_api_answers_in_the_language_asked_for(api: TestClient) -> None:
    asked = api.get("/api/v1/programme.pdf?language=fr", headers={"accept-language": "ru"})
    preferred = api.get("/api/v1/programme.pdf", headers={"accept-language": "pt, ru-RU;q=0.8, en;q=0.5"})
    neither = api.get("/api/v1/programme.pdf", headers={"accept-language": "pt"})

    assert [each.status_code for each in (asked, preferred, neither)] == [200] * 3
    assert asked.headers["content-type"] == "application/pdf"
    assert asked.headers["content-disposition"] == 'inline; filename="cop14-programme-fr.pdf"'
    assert asked.headers["vary"] == "accept-language"
    assert [TUESDAY["fr"] in text_of(asked.content), TUESDAY["ru"] in text_of(preferred.content)] == [
        True
    ] * 2
    assert TUESDAY["en"] in text_of(neither.content)
    assert codes_on(asked.content) == [ADDRESS]


def test_api_names_the_languages_there_are(api: TestClient) -> None:
    answer = api.get("/api/v1/programme.pdf?language=de")

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [language in answer.json()["errors"][0]["detail"] for language in LANGUAGES] == [True] * 4


def test_known_paper_is_not_sent_again(api: TestClient) -> None:
    first = api.get("/api/v1/programme.pdf?language=es")
    again = api.get("/api/v1/programme.pdf?language=es", headers={"if-none-match": first.headers["etag"]})
    other = api.get("/api/v1/programme.pdf?language=en", headers={"if-none-match": first.headers["etag"]})
    head = api.head("/api/v1/programme.pdf?language=es")

    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])
