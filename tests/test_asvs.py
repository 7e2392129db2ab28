"""`asvs.md` answers each item of OWASP ASVS 5.0, levels 1 and 2, once, by what is there."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| (?P<item>\d+\.\d+\.\d+) \| (?P<asks>[^|]+) \| (?P<answer>.+) \|$")
NAMED = re.compile(r"`([\w./-]+\.(?:py|js|mjs|md|toml|json|lock))(?:::(test_\w+)|: ([^`]+))`")

# The items of levels 1 and 2 in each section; what is left out is of level 3.
ITEMS: dict[int, list[Iterable[int]]] = {
    1: [[1, 2], range(1, 10), range(1, 12), [1, 2, 3], [1, 2]],
    2: [[1, 2, 3], [1, 2, 3], [1, 2, 3, 4], [1]],
    3: [[], [1, 2], [1, 2, 3, 4], range(1, 7), range(1, 6), [], [1, 2]],
    4: [[1, 2, 3], [1], [1, 2], [1, 2, 3, 4]],
    5: [[1], [1, 2, 3], [1, 2], [1, 2, 3]],
    6: [[1, 2, 3], range(1, 13), range(1, 5), range(1, 5), range(1, 6), [1, 2, 3], [], [1, 2, 3, 4]],
    7: [[1, 2, 3], range(1, 5), [1, 2], range(1, 6), [1, 2], [1, 2]],
    8: [[1, 2], [1, 2, 3], [1], [1]],
    9: [[1, 2, 3], range(1, 5)],
    10: [[1, 2], [1, 2], range(1, 5), range(1, 12), range(1, 6), [1, 2], [1, 2, 3]],
    11: [[1, 2], [1, 2, 3], [1, 2, 3], range(1, 5), [1], [1]],
    12: [[1, 2, 3], [1, 2], range(1, 5)],
    13: [[1], range(1, 6), [1, 2], range(1, 6)],
    14: [[1, 2], range(1, 5), [1, 2, 3]],
    15: [[1, 2, 3], [1, 2, 3], range(1, 8)],
    16: [[1], range(1, 6), range(1, 5), [1, 2, 3], [1, 2, 3]],
    17: [[1], range(1, 5), [1, 2]],
}
WANTED = [
    f"{chapter}.{section}.{item}"
    for chapter, sections in ITEMS.items()
    for section, items in enumerate(sections, start=1)
    for item in items
]
ROWS = [
    found
    for line in (ROOT / "tests" / "asvs.md").read_text().splitlines()
    if line.startswith("| ") and (found := ROW.match(line))
]


def test_every_item_is_answered_once() -> None:
    assert len(WANTED) == 253
    assert [row["item"] for row in ROWS] == WANTED


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["item"])
def test_what_answers_an_item_is_there(row: re.Match[str]) -> None:
    named = NAMED.findall(row["answer"])

    for file, test, words in named:
        text = (ROOT / "tests" / file if test else ROOT / file).read_text()
        assert f"def {test}(" in text if test else words in text, f"{file}: {test or words}"
    assert len([test for _, test, _ in named if test]) == row["answer"].count("::")
    is_reason = row["answer"].startswith(("Not here: ", "Open: ", "Granian's "))
    assert named or is_reason
