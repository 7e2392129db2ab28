"""The staff's catalogues: the same keys in four languages, and none that no page asks for."""

import json
import re
from pathlib import Path

import pytest

from copapp import i18n
from copapp.domain.imported import Fault, Reason
from copapp.i18n import LANGUAGES, catalogue
from copapp.services.passwords import PasswordError, check_password
from copapp.sources.addresses import Trouble
from tests.test_i18n import FORMS, OTHERS, ROOT, _placeholders, _texts

SOURCE = catalogue("en", "staff")
_KEY = re.compile(
    rf"""f?["'`]((?:{"|".join(sorted({key.partition(".")[0] for key in SOURCE}))})\.[a-z_.]*)"""
)


def _asked() -> set[str]:
    """Whole keys, and prefixes (they end in a dot), that staff pages ask for."""
    tables = [ROOT / "presenters" / "request_table.py", ROOT / "services" / "requests_table.py"]
    files = [*(ROOT / "staff").rglob("*.py"), ROOT / "offline" / "store" / "staff.js", *tables]
    texts = [each.read_text(encoding="utf-8") for each in files]
    pages = (ROOT / "copapp.py").read_text(encoding="utf-8").splitlines()
    return {
        key
        for text in [*texts, *(line for line in pages if "staff_routes" in line)]
        for key in _KEY.findall(text)
    }


@pytest.mark.parametrize("language", OTHERS)
def test_staff_pages_have_the_same_keys_in_every_language(language: str) -> None:
    assert list(catalogue(language, "staff")) == list(SOURCE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_staff_words_are_whole(language: str) -> None:
    for key, source in SOURCE.items():
        words = catalogue(language, "staff")[key]
        expected = set().union(*map(_placeholders, _texts(source)))
        assert all(map(str.strip, _texts(words))), key
        assert [text for text in _texts(words) if not _placeholders(text) <= expected] == [], key
        assert _placeholders(words["other"] if isinstance(words, dict) else words) == expected, key
        assert not isinstance(words, dict) or FORMS[language] <= set(words), key


@pytest.mark.parametrize("language", OTHERS)
def test_only_listed_staff_words_equal_the_english_ones(language: str) -> None:
    same = json.loads(Path(i18n.__file__).with_name("staff").joinpath("same.json").read_text("utf-8"))
    words = catalogue(language, "staff")

    equal = [key for key in words if set(_texts(words[key])) & set(_texts(SOURCE[key]))]

    assert sorted(equal) == sorted(same[language])


def test_staff_pages_have_the_words_they_ask_for_and_no_others() -> None:
    asked = _asked()
    prefixes = tuple(key for key in asked if key.endswith("."))

    assert sorted(key for key in asked if key not in SOURCE and not key.endswith(".")) == []
    assert [key for key in SOURCE if key not in asked and not key.startswith(prefixes)] == []


def test_every_reason_to_leave_out_or_refuse_has_words() -> None:
    said = {f"import.reason.{each}" for each in Reason}
    said |= {f"import.problem.{each}" for each in (*Fault, *Trouble)}

    assert said <= set(SOURCE)


def test_every_problem_of_the_doors_has_words() -> None:
    codes = {"link", "wrong", "wait", "last", "refused"}
    codes |= {
        f"{field}_{code}" for field in ("name", "email") for code in ("required", "too_long", "characters")
    }
    for password in ("short", "x" * 300, "passwordpassword", "somebody@example.org"):
        with pytest.raises(PasswordError) as refused:
            check_password(password, "somebody@example.org")
        codes.add(refused.value.code)

    assert {f"door.{code}" for code in codes | {"email_email", "email_taken"}} <= set(SOURCE)
