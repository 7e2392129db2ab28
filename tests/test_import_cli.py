"""`copapp import`, as a coordinator types it: what it says, what it writes, and its exit codes."""

from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from copapp.cli import app
from copapp.database import migrate, reading
from copapp.interop.readers import limits
from copapp.models import AuditEntry, Event
from copapp.services.queries import latest_release_number
from copapp.settings import DATA
from tests.conftest import Environment
from tests.listeners import settle, web_page
from tests.programme_files import PAGES

TEXT = (PAGES / "connecting.txt").read_bytes()
CHANGED = TEXT.replace(b"Snow Leopard Room, 12:45-13:30", b"Snow Leopard Room, 12:45-13:15")
TITLE = "Building Capacity for Managing Human-Wildlife Conflict and Coexistence"
TABLE = """title,room,starts,ends
Dawn walk,Garden Gate,2024-02-16 06:00,2024-02-16 07:00
Closing supper,,soon,
"""


@pytest.fixture
def seeded(environment: Environment, tmp_path: Path) -> Path:
    """The real programme, released; gives a folder for files."""
    environment(CONFERENCE=str(DATA / "cop14"), NOW="2024-02-12T07:00:00Z")
    assert CliRunner().invoke(app, ["seed"]).exit_code == 0
    return tmp_path


def run(*arguments: str, given: bytes = b"") -> tuple[int, list[str], str]:
    done = CliRunner().invoke(app, ["import", *arguments], input=given)
    return done.exit_code, done.stdout.splitlines(), done.stderr


def events() -> dict[str, tuple[str, int]]:
    with reading() as db:
        return {
            each.slug: (f"{each.ends:%H:%M}" if each.ends else "", each.version)
            for each in db.exec(select(Event))
        }


def test_the_same_source_says_so_and_writes_nothing(seeded: Path) -> None:
    assert run("-", given=TEXT) == (
        0,
        ["page: 0 new, 0 changed, 8 unchanged, 0 not in the file.", "The draft says this already."],
        "",
    )
    with reading() as db:
        assert db.exec(select(AuditEntry)).all() == []


def test_a_dry_run_shows_the_difference_and_writes_nothing(seeded: Path) -> None:
    before = events()

    assert run("--dry-run", "-", given=CHANGED) == (
        0,
        [
            "page: 0 new, 1 changed, 7 unchanged, 0 not in the file.",
            f"~ {TITLE} (human-wildlife-conflict)",
            "    ends: 2024-02-14 13:30 -> 2024-02-14 13:15",
            "Nothing was written.",
        ],
        "",
    )
    assert events() == before


def test_a_file_is_taken_whole_into_the_draft_and_not_released(seeded: Path) -> None:
    file = seeded / "changed.txt"
    file.write_bytes(CHANGED)

    code, said, complained = run(str(file))

    assert (code, said[-1], complained) == (
        0,
        "Taken into the draft. Delegates see it after the next release.",
        "",
    )
    assert events()["human-wildlife-conflict"] == ("08:15", 2)
    assert run(str(file))[1][-1] == "The draft says this already."
    with reading() as db:
        assert latest_release_number(db) == 1
        [entry] = db.exec(select(AuditEntry)).all()
        assert (entry.act, entry.member_id) == ("import", None)


def test_what_the_file_lacks_stays_unless_it_is_named(seeded: Path) -> None:
    said = run("--remove", "saiga-recovery", "-", given=TABLE.encode())[1]

    assert said[0] == "table: 1 new, 0 changed, 0 unchanged, 8 not in the file."
    assert "+ Dawn walk, 2024-02-16 06:00–07:00, Garden Gate" in said
    assert "New room: Garden Gate" in said
    assert [line.partition(")")[2] for line in said if "(saiga-recovery)" in line] == [
        " is not in the file and is taken out"
    ]
    assert sum(line.endswith("is not in the file and stays") for line in said) == 7
    assert [line for line in said if line.startswith("Left out")] == [
        "Left out: line 3: “Closing supper” has no time that can be read."
    ]
    assert len(events()) == 8
    assert "saiga-recovery" not in events()


@pytest.mark.parametrize(
    ("arguments", "given", "code", "complaint"),
    [
        (["-"], b"", 1, "Nothing was imported: The file is empty."),
        (["-"], b"Dear colleagues, the list follows.", 1, "Nothing was imported: It is none of the formats"),
        (["-"], b"x" * (limits.BYTES + 1), 1, "Nothing was imported: The file is larger than 10 MB."),
        (["--remove", "cats", "-"], TEXT, 2, "The file does not lack these events: cats."),
        (["no-such-file.csv"], b"", 2, "no-such-file.csv cannot be read: No such file or directory."),
        (["."], b"", 2, ". cannot be read: Is a directory."),
    ],
    ids=["empty", "no programme", "too large", "not lacked", "no file", "a folder"],
)
def test_what_cannot_be_used_is_refused_in_words(
    seeded: Path, arguments: list[str], given: bytes, code: int, complaint: str
) -> None:
    before = events()

    done, said, complained = run(*arguments, given=given)

    assert (done, said) == (code, [])
    assert complained.startswith(complaint)
    assert events() == before


def test_nothing_is_imported_before_there_is_a_conference(environment: Environment) -> None:
    migrate()
    assert run("-", given=TEXT) == (1, [], "There is no conference yet: run `copapp seed`.\n")


def test_an_address_is_fetched_and_taken_like_a_file(seeded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with web_page(CHANGED) as page:
        settle(monkeypatch, FETCH_ALLOW=page.place)
        done, said, _ = run(page.url)

    assert (done, said[0]) == (0, "page: 0 new, 1 changed, 7 unchanged, 0 not in the file.")
    assert events()["human-wildlife-conflict"] == ("08:15", 2)


def test_an_address_inside_is_refused_in_words(seeded: Path) -> None:
    before = events()

    done, said, complained = run("http://localhost:8080/")

    assert (done, said, events()) == (2, [], before)
    assert complained.startswith("http://localhost:8080/ cannot be fetched: localhost is not on the public")


def test_a_hostile_file_gets_a_message_and_leaves_the_draft(seeded: Path) -> None:
    before = events()
    laughs = b'<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><schedule><day>&b;</day></schedule>'
    for content in (laughs, b"[" * 100_000, b"PK\x03\x04" + bytes(1_000)):
        code, _, complained = run("-", given=content)
        assert (code, bool(complained), "Traceback" in complained) == (1, True, False)
    assert events() == before
