"""The list of guards is true to the code; `make soak ARGS="--only mutants"` takes them out, one by one."""

from collections import Counter

import pytest

from tests.mutants import MUTANTS, ROOT, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name)
def test_guard_stands_once_where_it_is_said_to(mutant: Mutant) -> None:
    for change in mutant.changes:
        text = change.path(ROOT).read_text()
        assert text.count(change.old) == 1, f"copapp/{change.file}: {change.old}"
        assert change.old != change.new


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name)
def test_tests_of_a_guard_are_there(mutant: Mutant) -> None:
    assert mutant.tests
    for each in mutant.tests:
        file, _, name = each.partition("::")
        assert f"def {name}(" in (ROOT / file).read_text(), each


def test_each_guard_has_a_name_of_its_own() -> None:
    assert {name for name, times in Counter(each.name for each in MUTANTS).items() if times > 1} == set()
