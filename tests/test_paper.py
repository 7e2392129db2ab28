"""The release on paper, read as a stranger's programs read it: text, pages, codes, tags."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import pypdf
import pypdfium2 as pdfium
import pytest
import zxingcpp
from starlette.testclient import TestClient

from copapp import export_cli
from copapp.api import create_api
from copapp.api import paper as paper_api
from copapp.api.stored import forget
from copapp.database import migrate, writing
from copapp.i18n import LANGUAGES
from copapp.interop.conference_folder import read_folder
from copapp.interop.paper import PAPERS
from copapp.models import VenuePlan
from copapp.services.queries import latest_plan, latest_release
from copapp.services.seed import seed
from copapp.settings import DATA
from tests.browser.thousand import write_thousand
from tests.conftest import NOW, Environment

ADDRESS = "https://days.example.org"
IN_EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
NO_END = {
    "en": "end not announced",
    "fr": "fin non annoncée",
    "es": "fin sin anunciar",
    "ru": "окончание не объявлено",
}
SAID_OF_PLACES = {
    "en": ("Map: schematic, not to scale", "On foot, estimated"),
    "fr": ("Plan schématique, pas à l’échelle", "À pied, estimations"),
    "es": ("Plano esquemático, no a escala", "A pie, estimaciones"),
    "ru": ("Схема, не в масштабе", "Пешком, примерно"),
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


Released = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture
def released(environment: Environment) -> Released:
    """The real conference: its release and its plan, as the API gives them."""
    environment(PUBLIC_URL=ADDRESS)
    return release_of(DATA / "cop14")


def release_of(folder: Path) -> tuple[Any, Any]:
    migrate()
    with writing() as db:
        seed(db, read_folder(folder), NOW)
        release, plan = latest_release(db), latest_plan(db)
        assert release is not None
        return json.loads(release.document), json.loads(plan.document) if plan else None


@pytest.fixture
def api(released: Released) -> Iterator[TestClient]:
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
def test_programme_is_one_page_that_says_all_in_order(released: Released, language: str) -> None:
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
def test_programme_leads_to_the_app(released: Released, language: str) -> None:
    paper = PAPERS["programme"](*released, language, ADDRESS)

    assert codes_on(paper) == [ADDRESS]
    assert "days.example.org" in text_of(paper)


def test_programme_without_an_address_has_no_code(released: Released) -> None:
    paper = PAPERS["programme"](*released, "en", "")

    assert codes_on(paper) == []
    assert released[0]["events"][-1]["title"] in text_of(paper)


@IN_EACH_LANGUAGE
def test_map_says_that_it_is_schematic_and_walks_that_they_are_estimated(
    released: Released, language: str
) -> None:
    programme, _ = released

    text = text_of(PAPERS["programme"](*released, language, ADDRESS))

    schematic, estimated = SAID_OF_PLACES[language]
    assert_in_order([estimated, *(f"{walk['minutes']} " for walk in programme["walks"])], text)
    assert schematic in text
    assert programme["walks"][0]["basis"] in text


def test_a_plan_to_scale_is_not_called_schematic(released: Released) -> None:
    programme, venue = released

    paper = PAPERS["programme"](programme, venue | {"schematic": False}, "en", ADDRESS)
    posters = PAPERS["posters"](programme, venue | {"schematic": False}, "en", ADDRESS)

    assert "Map" in text_of(paper)
    assert ["schematic" in text_of(each) for each in (paper, posters)] == [False, False]
    assert "schematic" in text_of(PAPERS["posters"](programme, venue, "en", ADDRESS))


def test_programme_without_a_plan_has_no_map(released: Released) -> None:
    text = text_of(PAPERS["programme"](released[0], None, "en", ADDRESS))

    assert "schematic" not in text
    assert_in_order([room["name"] for room in released[0]["rooms"]], text.rpartition("Rooms")[2])


@IN_EACH_LANGUAGE
def test_posters_lead_to_the_app_and_to_each_room(released: Released, language: str) -> None:
    programme, _ = released

    paper = PAPERS["posters"](*released, language, f"{ADDRESS}/")

    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages]
    expected = [ADDRESS, *(f"{ADDRESS}/map/{room['slug']}" for room in programme["rooms"])]
    assert [codes_on(paper, number) for number in range(len(pages))] == [[each] for each in expected]
    assert [each.removeprefix("https://") in page for each, page in zip(expected, pages, strict=True)] == [
        True
    ] * 5
    names = [programme["conference"]["name"], *(room["name"] for room in programme["rooms"])]
    assert [name in " ".join(page.split()) for name, page in zip(names, pages, strict=True)] == [True] * 5


def test_posters_say_their_sentence_in_every_language_the_asked_one_first(released: Released) -> None:
    paper = PAPERS["posters"](*released, "ru", ADDRESS)

    door = pypdf.PdfReader(io.BytesIO(paper)).pages[1].extract_text()
    assert_in_order(
        [
            "Что проходит в этом зале",
            "What is on in this room",
            "Ce qui se passe dans cette salle",
            "Qué hay en esta sala",
        ],
        door,
    )


def test_posters_light_their_own_room(released: Released) -> None:
    """What is lit stands where the room stands in the plan: left or right of the others, up or down."""
    paper = PAPERS["posters"](*released, "en", ADDRESS)

    lit = [middle_of_accent(paper, page) for page in range(1, 5)]
    venue = {room["slug"]: room["at"] for room in released[1]["rooms"]}
    at = [venue[room["slug"]] for room in released[0]["rooms"]]
    for axis in (0, 1):
        by_paper = sorted(range(4), key=[point[axis] for point in lit].__getitem__)
        by_venue = sorted(range(4), key=[point[axis] for point in at].__getitem__)
        assert set(by_paper[:2]) == set(by_venue[:2])
    assert len({(round(x), round(y)) for x, y in lit}) == 4


def test_rooms_on_several_levels_name_theirs_and_are_lit_through_each_other(environment: Environment) -> None:
    """The library lies over the aula: neither's number hides the other's, and neither covers what is lit."""
    environment()
    programme, venue = release_of(Path(__file__).parent / "data" / "halls")

    paper = PAPERS["programme"](programme, venue, "ru", ADDRESS)
    posters = PAPERS["posters"](programme, venue, "ru", ADDRESS)

    assert_in_order(["Aula · Первый этаж", "Library · Второй этаж"], text_of(paper))
    assert "North Hall · Первый этаж" in text_of(posters)
    boxes = sorted(box for box in boxes_of(paper) if box[1] < 500 and box[0] > 280)
    assert not [
        (one, other)
        for number, one in enumerate(boxes)
        for other in boxes[number + 1 :]
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]
    assert all(middle_of_accent(posters, page) for page in (1, 2))


def middle_of_accent(paper: bytes, page: int) -> tuple[float, float]:
    """Find the middle of all that is in the accent's colour beside the code."""
    document = pdfium.PdfDocument(paper)
    try:
        picture = document[page].render(scale=1).to_pil().crop((330, 350, 595, 580))
    finally:
        document.close()
    accent = [
        (x, y)
        for x in range(picture.width)
        for y in range(picture.height)
        if picture.getpixel((x, y)) == (11, 92, 120)
    ]
    assert len(accent) > 300
    return sum(x for x, _ in accent) / len(accent), sum(y for _, y in accent) / len(accent)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_same_values_give_the_same_bytes(released: Released, paper: str) -> None:
    first, second = (PAPERS[paper](*deepcopy(released), "ru", ADDRESS) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("paper", PAPERS)
@IN_EACH_LANGUAGE
def test_paper_says_what_it_is(released: Released, language: str, paper: str) -> None:
    reader = pypdf.PdfReader(io.BytesIO(PAPERS[paper](*released, language, ADDRESS)))

    about = reader.metadata
    assert about is not None
    assert about.title is not None
    assert about.title.startswith(released[0]["conference"]["name"])
    assert about.author == released[0]["conference"]["organisation"]
    assert about.creation_date == datetime.fromisoformat(released[0]["release"]["released_at"])
    catalog: Any = reader.root_object
    assert (catalog["/Lang"], bool(catalog["/MarkInfo"]["/Marked"])) == (language, True)


def test_a_reading_voice_is_led_through_the_page(released: Released) -> None:
    catalog: Any = pypdf.PdfReader(io.BytesIO(PAPERS["programme"](*released, "en", ADDRESS))).root_object

    tags = [each.get_object() for each in catalog["/StructTreeRoot"]["/K"][0]["/K"]]
    kinds = [tag["/S"] for tag in tags]
    figures = [tag["/Alt"] for tag in tags if tag["/S"] == "/Figure"]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 4 + 3  # the days; rooms, walks, map
    assert kinds.index("/H1") < kinds.index("/H2")
    assert figures[0] == f"QR code of {ADDRESS}"
    assert "Savitsky Plaza" in figures[1]


def test_a_large_programme_flows_over_pages_under_its_days(environment: Environment, tmp_path: Path) -> None:
    environment()
    programme, plan = release_of(write_thousand(tmp_path / "thousand"))

    paper = PAPERS["programme"](programme, plan, "en", ADDRESS)

    pages = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(paper)).pages]
    inner = " ".join(page.rpartition("Programme release")[0] for page in pages)
    events = sorted(programme["events"], key=lambda event: event["starts"])
    missing = [event["title"] for event in events if event["title"] not in inner]
    assert missing == []
    assert len(pages) > 10
    assert all(f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1))
    assert all("February" in page[:90] for page in pages[1:-1])
    assert sum("Tuesday 13 February (continued)" in page for page in pages) > 3


HOSTILE = {
    "word": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 4,
    "markup": "<b>Bold</b> & <script>alert(1)</script> %s {name} \\n (ET) Tj",
    "override": "abc\u202edef\u2066ghi\u0000\u0007\u200bjkl\ud800",
    "letters": "東京 العربية עברית Ελληνικά Қазақ O\u02bbzbekiston 🐆",
    "composed": "Ame\u0301lie Cafe\u0301",
    "blank": " \t\r\n ",
}


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_texts_neither_break_a_page_nor_get_out_of_their_place(
    released: Released, paper: str, kind: str
) -> None:
    programme, venue = deepcopy(released)
    for each in (*programme["events"], programme["conference"]):
        each.update(
            dict.fromkeys({"title", "name", "organisation", "place", "long_name"} & set(each), HOSTILE[kind])
        )
    for each in (*programme["rooms"], *programme["sites"], *venue["sites"]):
        each.update(name=HOSTILE[kind])

    made = PAPERS[paper](programme, venue, "en", ADDRESS)

    assert codes_on(made)[0] == ADDRESS
    for box in boxes_of(made):
        assert 0 < box[0] < box[2] < 596
        assert 0 < box[1] < box[3] < 842


def boxes_of(paper: bytes) -> list[tuple[float, float, float, float]]:
    """Give where text stands on each page: left, bottom, right, top."""
    document = pdfium.PdfDocument(paper)
    try:
        pages = [page.get_textpage() for page in document]
        return [page.get_rect(number) for page in pages for number in range(page.count_rects())]
    finally:
        document.close()


def test_letters_that_the_font_lacks_are_copied_as_what_they_are(released: Released) -> None:
    programme, venue = deepcopy(released)
    programme["conference"]["organisation"] = HOSTILE["letters"]
    programme["events"][0]["title"] = HOSTILE["override"]
    programme["events"][1]["title"] = HOSTILE["composed"]

    text = text_of(PAPERS["programme"](programme, venue, "en", ADDRESS))

    assert_in_order(["abcdefghijkl", "Amélie Café"], text)
    assert set(HOSTILE["letters"]) <= set(text)


def test_cancelled_events_stay_struck_through_with_the_word(released: Released) -> None:
    programme, venue = deepcopy(released)
    before = PAPERS["programme"](programme, venue, "fr", ADDRESS)
    programme["events"][2]["status"] = "cancelled"

    after = PAPERS["programme"](programme, venue, "fr", ADDRESS)

    title = programme["events"][2]["title"]
    assert "Annulé" not in text_of(before)
    assert_in_order(["Annulé", title], text_of(after))
    assert darkness_through(after, title) > 0.9 > darkness_through(before, title)


def darkness_through(paper: bytes, title: str) -> Any:
    """Give how much of the row through the middle of a title's letters is drawn on."""
    document = pdfium.PdfDocument(paper)
    try:
        page = document[0].get_textpage()
        found = page.search(title).get_next()
        assert found is not None
        left, bottom, right, top = page.get_charbox(found[0])
        right = page.get_charbox(found[0] + found[1] - 1)[2]
        darkness: Any = document[0].render(scale=4).to_pil().convert("L").load()
    finally:
        document.close()
    rows = range(round((841.89 - top) * 4), round((841.89 - bottom) * 4))
    across = range(round(left * 4), round(right * 4))
    return max(sum(darkness[x, y] < 200 for x in across) / len(across) for y in rows)


def test_ends_on_another_day_and_clocks_that_change_are_said(environment: Environment) -> None:
    environment()
    programme, _ = release_of(Path(__file__).parent / "data" / "tiny")

    text = text_of(PAPERS["programme"](programme, None, "en", ADDRESS))

    assert_in_order(["Lisbon time, UTC+0 / UTC+1", "23:30 until Sunday 31 March, 02:30 Night walk"], text)
    assert_in_order(["Sunday 31 March", "09:30–10:00 Cancelled Called off"], text)


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


def test_every_language_of_the_app_can_be_asked_for() -> None:
    assert get_args(paper_api.Language) == get_args(export_cli.Language) == tuple(LANGUAGES)


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


def test_posters_come_from_the_api_too(api: TestClient) -> None:
    answer = api.get("/api/v1/posters.pdf?language=ru")

    assert answer.headers["content-disposition"] == 'inline; filename="cop14-posters-ru.pdf"'
    assert codes_on(answer.content, 1) == [f"{ADDRESS}/map/ferghana"]


def test_posters_without_an_address_are_refused(api: TestClient, environment: Environment) -> None:
    environment(PUBLIC_URL="")

    answer = api.get("/api/v1/posters.pdf")

    assert answer.status_code == 503
    assert "COPAPP_PUBLIC_URL" in answer.json()["detail"]


@pytest.mark.parametrize("file", ["programme.pdf", "posters.pdf"])
def test_nothing_released_is_no_paper(environment: Environment, file: str) -> None:
    environment(PUBLIC_URL=ADDRESS)
    migrate()

    with TestClient(create_api()) as client:
        assert client.get(f"/api/v1/{file}").status_code == 503


def test_a_new_plan_makes_a_new_paper(api: TestClient, released: Released) -> None:
    first = api.get("/api/v1/posters.pdf")
    with writing() as db:
        plan = latest_plan(db)
        assert plan is not None
        moved = released[1] | {"rooms": released[1]["rooms"][1:]}
        db.add(VenuePlan(**plan.model_dump(exclude={"id", "document"}), document=json.dumps(moved)))
    forget()

    second = api.get("/api/v1/posters.pdf", headers={"if-none-match": first.headers["etag"]})

    assert second.status_code == 200
    assert second.headers["etag"] != first.headers["etag"]


def export(*arguments: str, folder: Path) -> tuple[int, bytes, str]:
    """Run the command as a coordinator does."""
    done = subprocess.run(
        [sys.executable, "-m", "copapp.cli", "export", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr.decode()


def test_export_writes_what_the_api_gives(api: TestClient, tmp_path: Path) -> None:
    by_name = export("programme.pdf", folder=tmp_path)
    to_file = export("programme.pdf", "--language", "fr", "--output", "fr.pdf", folder=tmp_path)
    to_stdout = export("posters.pdf", "--language", "es", "--output", "-", folder=tmp_path)

    assert [each[0] for each in (by_name, to_file, to_stdout)] == [0, 0, 0]
    assert by_name[1].startswith(b"programme.pdf: ")
    assert (tmp_path / "programme.pdf").read_bytes() == api.get("/api/v1/programme.pdf?language=en").content
    assert (tmp_path / "fr.pdf").read_bytes() == api.get("/api/v1/programme.pdf?language=fr").content
    assert to_stdout[1] == api.get("/api/v1/posters.pdf?language=es").content


def test_export_says_what_it_cannot_do(api: TestClient, environment: Environment, tmp_path: Path) -> None:
    assert export("poem.pdf", folder=tmp_path)[0] == 2
    assert export("programme.pdf", "--language", "de", folder=tmp_path)[0] == 2
    assert export("programme.pdf", "--output", "no/such/folder.pdf", folder=tmp_path)[0] == 1
    environment(PUBLIC_URL="")
    code, said, complained = export("posters.pdf", folder=tmp_path)
    assert (code, said) == (2, b"")
    assert "COPAPP_PUBLIC_URL" in complained
    assert complained == "Posters lead to the app: set COPAPP_PUBLIC_URL to its address.\n"


def test_export_before_the_first_release_is_refused(environment: Environment, tmp_path: Path) -> None:
    environment(PUBLIC_URL=ADDRESS)
    migrate()

    code, said, complained = export("programme.pdf", folder=tmp_path)

    assert (code, said, complained) == (1, b"", "Nothing is released yet: run `copapp seed`.\n")
