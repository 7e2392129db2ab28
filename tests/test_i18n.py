import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from copapp import i18n
from copapp.i18n import LANGUAGES, PARTS, catalogue

ROOT = Path(__file__).parents[1] / "copapp"
OTHERS = [language for language in LANGUAGES if language != "en"]
FORMS = {
    "en": {"one", "other"},
    "fr": {"one", "other"},
    "es": {"one", "other"},
    "ru": {"one", "few", "many", "other"},
}
CLDR = {"zero", "one", "two", "few", "many", "other"}

# Words are asked for by t("event.when"), t_of("problem.", name), say("share.copied"), { key: "carry.added" }
# and new Error("carry.empty"); a choice names two keys, tell("full") one under "problem.". A key that is put
# together at run time begins with a prefix: t(`change.${field}`).
_ASKED = re.compile(r"""(?:\b(?:t|t_of|say|new Error)\(|\bkey:)\s*f?["'`]((?:[a-z_]+\.)+)([a-z_]*)""")
_CHOSEN = re.compile(r"""\bt\([^"'`(),]+\?\s*"([a-z_]+\.[a-z_]+)"\s*:\s*"([a-z_]+\.[a-z_]+)\"""")
_TOLD = re.compile(r"""\btell\("([a-z_]+)"\)""")


def _texts(words: str | dict[str, str]) -> list[str]:
    return [words] if isinstance(words, str) else list(words.values())


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def _same(part: str) -> dict[str, list[str]]:
    path = Path(i18n.__file__).parent / part / "same.json"
    same: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    return same


def _used(files: Iterable[Path]) -> tuple[set[str], set[str]]:
    """Whole keys and prefixes that these pages and modules of the store ask for."""
    keys: set[str] = set()
    prefixes: set[str] = set()
    for file in files:
        text = file.read_text(encoding="utf-8")
        for group, name in _ASKED.findall(text):
            (keys if name else prefixes).add(group + name)
        for pair in _CHOSEN.findall(text):
            keys.update(pair)
        keys.update(f"problem.{name}" for name in _TOLD.findall(text))
    return keys, prefixes


CATALOGUES = ("", *PARTS)
IN_EACH_PART = pytest.mark.parametrize("part", CATALOGUES)
STORE = ROOT / "offline" / "store"
OFFLINE = [*(ROOT / "offline").rglob("*.py"), ROOT / "offline" / "repair.js"]
DELEGATES = [*(ROOT / "delegate").glob("*.py"), *OFFLINE, *STORE.glob("*.js")]
SOURCE = {key: words for part in CATALOGUES for key, words in catalogue("en", part).items()}


@IN_EACH_PART
@pytest.mark.parametrize("language", OTHERS)
def test_every_catalogue_has_the_same_keys_in_the_same_order(language: str, part: str) -> None:
    assert list(catalogue(language, part)) == list(catalogue("en", part))


def test_no_two_parts_have_a_key_in_common() -> None:
    assert len(SOURCE) == sum(len(catalogue("en", part)) for part in CATALOGUES)


@IN_EACH_PART
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: str, part: str) -> None:
    words = catalogue(language, part)

    assert [key for key, text in words.items() if not all(map(str.strip, _texts(text)))] == []


@IN_EACH_PART
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_the_placeholders_of_the_source(language: str, part: str) -> None:
    for key, words in catalogue("en", part).items():
        expected = set().union(*map(_placeholders, _texts(words)))
        for text in _texts(catalogue(language, part)[key]):
            assert _placeholders(text) == expected, f"{key}: {text}"


@IN_EACH_PART
@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_carry_the_forms_the_language_needs(language: str, part: str) -> None:
    for key, words in catalogue("en", part).items():
        translated = catalogue(language, part)[key]
        assert isinstance(translated, dict) == isinstance(words, dict), key
        if isinstance(translated, dict):
            assert FORMS[language] <= set(translated) <= CLDR, key


@IN_EACH_PART
@pytest.mark.parametrize("language", OTHERS)
def test_only_listed_texts_equal_the_english_ones(language: str, part: str) -> None:
    """Forgotten texts look English; what is rightly identical stands in same.json, and nothing else does."""
    words = catalogue(language, part)
    equal = [
        key for key, text in catalogue("en", part).items() if set(_texts(words[key])) & set(_texts(text))
    ]

    assert sorted(_same(part)[language]) == sorted(equal)


@IN_EACH_PART
def test_same_names_each_translation(part: str) -> None:
    assert sorted(_same(part)) == sorted(OTHERS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_names_its_own_language(language: str) -> None:
    assert catalogue(language)["language.code"] == language


def test_every_key_that_is_asked_for_exists() -> None:
    keys, prefixes = _used(DELEGATES)

    assert sorted(keys - set(SOURCE)) == []
    assert [prefix for prefix in prefixes if not any(key.startswith(prefix) for key in SOURCE)] == []


def test_every_key_is_asked_for() -> None:
    keys, prefixes = _used(DELEGATES)

    assert [key for key in SOURCE if key not in keys and not key.startswith(tuple(prefixes))] == []


def _imported_at_once(module: Path) -> set[Path]:
    """The modules that come with one: its own, and what those import before they run."""
    found: set[Path] = set()
    waiting = {module}
    while waiting:
        each = waiting.pop()
        found.add(each)
        waiting |= {STORE / name for name in _BESIDE.findall(each.read_text("utf-8"))} - found
    return found


_BESIDE = re.compile(r"""^(?:import|export)\b[^;]*?["']\./([a-z_]+\.js)["'];""", re.MULTILINE | re.DOTALL)


def test_what_comes_first_asks_only_for_words_that_come_first() -> None:
    schedule = [
        ROOT / "delegate" / f"{name}.py" for name in ("schedule", "event", "cards", "choices", "shell")
    ]
    first = _imported_at_once(STORE / "store.js")
    assert STORE / "views.js" in first
    assert STORE / "meetings.js" not in first

    keys, _ = _used([*schedule, *first])

    assert sorted(keys - set(catalogue("en"))) == []


# These have catalogues of their own; keys are asked for whole, or by a prefix that ends in a dot.
OWN = {
    "mail": [*(ROOT / "notify").glob("*.py"), ROOT / "interop" / "meeting_calendar.py"],
    "paper": list((ROOT / "interop" / "paper").glob("*.py")),
    "calendar": [
        ROOT / "interop" / f"{name}.py" for name in ("icalendar", "personal_calendar", "staff_calendar")
    ],
}
IN_EACH_OWN = pytest.mark.parametrize("part", OWN)


def _own_keys(part: str) -> set[str]:
    beginnings = {key.partition(".")[0] for key in catalogue("en", part)}
    asked = re.compile(rf"""["']((?:{"|".join(beginnings)})\.[a-z_.]*)""")
    return {key for file in OWN[part] for key in asked.findall(file.read_text(encoding="utf-8"))}


@IN_EACH_OWN
@pytest.mark.parametrize("language", OTHERS)
def test_own_catalogues_say_the_same_in_every_language(language: str, part: str) -> None:
    source = {key: str(text) for key, text in catalogue("en", part).items()}
    words = {key: str(text) for key, text in catalogue(language, part).items()}

    assert list(words) == list(source)
    assert [key for key, text in words.items() if not text.strip()] == []
    assert {key: _placeholders(text) for key, text in words.items()} == {
        key: _placeholders(text) for key, text in source.items()
    }
    assert sorted(key for key, text in words.items() if text == source[key]) == sorted(_same(part)[language])


@IN_EACH_OWN
def test_own_catalogues_have_the_words_asked_for_and_no_others(part: str) -> None:
    asked, words = _own_keys(part), catalogue("en", part)
    prefixes = tuple(key for key in asked if key.endswith("."))

    assert [key for key in asked if key not in words and not key.endswith(".")] == []
    assert [key for key in words if key not in asked and not key.startswith(prefixes)] == []
