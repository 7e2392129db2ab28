"""Files that mean harm, and good files that were damaged."""

import json
import os
import random
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from copapp.database import migrate, reading, writing
from copapp.domain.difference import difference
from copapp.domain.imported import Imported, ImportedEvent, ProgrammeFileError, Reason, Skipped
from copapp.domain.source import SourceProgramme
from copapp.interop.icalendar import calendar
from copapp.interop.programme_file import Frame, read
from copapp.interop.programme_table import programme_csv, programme_xlsx
from copapp.interop.readers import limits
from copapp.interop.schedule_json import schedule_json
from copapp.interop.schedule_xml import schedule_xml
from copapp.services import releasing
from copapp.services.seed import seed
from tests.conftest import NOW, Environment
from tests.hostile_files import SLOW, hostile_files
from tests.programme_files import PAGES, frame_of
from tests.read_hostile import read_apart, wrong_with

GOLDEN = Path(__file__).parent / "golden" / "programme.json"
TINY: dict[str, Any] = json.loads(GOLDEN.read_text("utf-8"))
GOOD = {
    "page": (PAGES / "connecting.txt").read_bytes(),
    "html": (PAGES / "connecting.html").read_bytes(),
    "csv": programme_csv(TINY),
    "excel": programme_xlsx(TINY),
    "icalendar": calendar(TINY) or b"",
    "schedule.json": schedule_json(TINY),
    "schedule.xml": schedule_xml(TINY),
}
SIGNS = [
    b"\0",
    b"\xff",
    b"<",
    b"&",
    b'"',
    b",",
    b"\n",
    b":",
    b"{",
    b"]",
    b"9" * 30,
    "\u202e".encode(),
    b"T",
    b"-",
]


def test_no_file_takes_five_seconds_or_256_megabytes_and_all_get_an_answer(
    environment: Environment, cop14: SourceProgramme, tmp_path: Path
) -> None:
    """Each in a process of its own, beside a real draft; `make soak` adds those that take a second or two."""
    migrate()
    with writing() as db:
        seed(db, cop14, NOW)
        before = releasing.preview(db).digest
    files = {name: each for name, each in hostile_files().items() if name not in SLOW}

    answers = read_apart(files, tmp_path, dict(os.environ))

    assert len(set(files.values())) >= 50
    assert set(answers) == set(files)
    assert {name: answer for name, answer in answers.items() if wrong_with(answer)} == {}
    with reading() as db:
        assert releasing.preview(db).digest == before


@pytest.mark.parametrize("name", GOOD)
def test_damaged_file_is_read_or_refused_with_words(name: str) -> None:
    chance = random.Random(name)
    frame = frame_of(TINY)

    for _ in range(200):
        found = read_or_refused(damaged(GOOD[name], chance), frame)
        assert all(is_sound(event) for event in found.events)
        assert all(each.where and each.words for each in found.skipped)
        difference([], found.events, frame.zone)


def read_or_refused(content: bytes, frame: Frame) -> Imported:
    try:
        return read(content, frame)
    except ProgrammeFileError as error:
        return Imported("refused", [], [Skipped("file", Reason.NOT_READABLE, error.words)])


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Cut, double, swap and sprinkle a file a few times."""
    for _ in range(chance.randrange(1, 6)):
        start, end = sorted(chance.randrange(len(content) + 1) for _ in range(2))
        end = min(end, start + 200)
        piece = chance.choice([b"", content[start:end] * 2, *SIGNS])
        content = content[:start] + piece + content[end if chance.random() < 0.5 else start :]
    return content


def is_sound(event: ImportedEvent) -> bool:
    texts = [event.title, event.room, event.site, event.published, *event.descriptions.values()]
    return (
        0 < len(event.title) <= limits.TITLE
        and event.starts.tzinfo is not None
        and (event.ends is None or event.ends > event.starts)
        and all(
            unicodedata.category(each) not in ("Cc", "Cs") or each in "\n\t"
            for text in texts
            for each in text
        )
        and not any("\u202a" <= each <= "\u202e" for text in texts for each in text)
    )
