"""What others rely on is byte for byte as written down: documents, doors, pages, files and migrations.

`GOLDEN=write make test ARGS="-k test_golden"` writes down what is now; the commit shows what it changed.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook

from copapp.settings import DATA
from tests.browser.server import DelegateServer

GOLDEN = Path(__file__).parent / "golden"
MIGRATIONS = Path(__file__).parents[1] / "copapp" / "migrations" / "versions"
CONFERENCES = {"cop14": DATA / "cop14", "tiny": Path(__file__).parent / "data" / "tiny"}
# Not the same from one moment to the next.
PROBES = {"/healthz", "/readyz"}
TWINS = {".br", ".gz"}
HASHED = re.compile(r"-[\w-]{8}\.(js|css)$")


@dataclass(frozen=True)
class House:
    """A conference, served."""

    name: str
    client: httpx.Client
    sites: Path

    def get(self, address: str) -> httpx.Response:
        return self.client.get(address)


@pytest.fixture(scope="module", params=CONFERENCES)
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("golden")
    given = {
        "COPAPP_CONFERENCE": str(CONFERENCES[request.param]),
        "COPAPP_PUBLIC_URL": "https://cop.example",
        "COPAPP_SITES": str(folder / "sites"),
    }
    server = DelegateServer(folder, given)
    server.run("seed")
    server.start()
    with httpx.Client(base_url=server.url) as client:
        yield House(request.param, client, folder / "sites")
    server.close()


def test_the_description_of_the_doors(house: House) -> None:
    _is_golden("openapi.json", house.get("/api/v1/openapi.json").text)


def test_documents(house: House) -> None:
    """What each door without a key gives."""
    paths = house.get("/api/v1/openapi.json").json()["paths"]
    plain = [each for each, methods in paths.items() if "{" not in each and "get" in methods]
    answers = {each: house.get(each) for each in sorted({*plain} - PROBES)}
    found = {
        address: [
            answer.status_code,
            answer.headers["content-type"],
            _digest(_content(address, answer.content)),
        ]
        for address, answer in answers.items()
    }

    _is_golden(f"documents-{house.name}.json", _lines(found))


def test_pages(house: House) -> None:
    """Which pages are drawn, and what a phone keeps."""
    [site] = [each for each in house.sites.iterdir() if each.is_dir() and each.name != "assets"]
    drawn = sorted(
        each.relative_to(site).as_posix()
        for each in site.rglob("*")
        if each.is_file() and each.suffix not in TWINS
    )
    said = re.search(r"const FILES = (\{.*?\});", house.get("/sw.js").text, re.DOTALL)
    assert said
    kept = sorted({HASHED.sub(r".\1", each) for each in json.loads(said[1])})

    _is_golden(f"pages-{house.name}.json", _lines({"drawn": drawn, "kept": kept}))


def test_migrations() -> None:
    """None is ever changed: databases that took the earlier one would differ from those that take this."""
    found = {each.name: _digest(each.read_bytes()) for each in sorted(MIGRATIONS.glob("*.py"))}

    _is_golden("migrations.json", _lines(found))


def _is_golden(name: str, found: str) -> None:
    """Compare with what is written down, or write it down."""
    file = GOLDEN / name
    if os.environ.get("GOLDEN") == "write":
        file.write_text(found, "utf-8")
    assert found == file.read_text("utf-8")


def _lines(found: Mapping[str, object]) -> str:
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _digest(body: bytes) -> str:
    return sha256(body).hexdigest()


def _content(address: str, body: bytes) -> bytes:
    """Give all, but of an Excel file only its cells and of a PDF its first bytes: the rest is packing."""
    if address.endswith(".pdf"):
        return body[:5]
    if not address.endswith(".xlsx"):
        return body
    rows = [
        [str(cell.value) for cell in row]
        for sheet in load_workbook(BytesIO(body))
        for row in sheet.iter_rows()
    ]
    return json.dumps(rows).encode()
