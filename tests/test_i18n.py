import json
import re
from pathlib import Path

import pytest

from copapp import i18n
from copapp.i18n import LANGUAGES, catalogue

ROOT = Path(__file__).parents[1] / "copapp"
SOURCE = catalogue("en")
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


def _same() -> dict[str, list[str]]:
    path = Path(i18n.__file__).with_name("same.json")
    same: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    return same


def _used() -> tuple[set[str], set[str]]:
    """Whole keys and prefixes that the delegates' pages and the store ask for."""
    files = [
        *(ROOT / "delegate").glob("*.py"),
        *(ROOT / "offline").rglob("*.py"),
        *(ROOT / "offline" / "store").glob("*.js"),
    ]
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


@pytest.mark.parametrize("language", OTHERS)
def test_every_catalogue_has_the_same_keys_in_the_same_order(language: str) -> None:
    assert list(catalogue(language)) == list(SOURCE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: str) -> None:
    assert [key for key, words in catalogue(language).items() if not all(map(str.strip, _texts(words)))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_the_placeholders_of_the_source(language: str) -> None:
    for key, words in SOURCE.items():
        expected = set().union(*map(_placeholders, _texts(words)))
        for text in _texts(catalogue(language)[key]):
            assert _placeholders(text) == expected, f"{key}: {text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_carry_the_forms_the_language_needs(language: str) -> None:
    for key, words in SOURCE.items():
        translated = catalogue(language)[key]
        assert isinstance(translated, dict) == isinstance(words, dict), key
        if isinstance(translated, dict):
            assert FORMS[language] <= set(translated) <= CLDR, key


@pytest.mark.parametrize("language", OTHERS)
def test_only_listed_texts_equal_the_english_ones(language: str) -> None:
    """Forgotten texts look English; what is rightly identical stands in same.json, and nothing else does."""
    equal = [
        key for key, words in catalogue(language).items() if set(_texts(words)) & set(_texts(SOURCE[key]))
    ]

    assert sorted(_same()[language]) == sorted(equal)


def test_same_names_each_translation() -> None:
    assert sorted(_same()) == sorted(OTHERS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_names_its_own_language(language: str) -> None:
    assert catalogue(language)["language.code"] == language


def test_every_key_that_is_asked_for_exists() -> None:
    keys, prefixes = _used()

    assert sorted(keys - set(SOURCE)) == []
    assert [prefix for prefix in prefixes if not any(key.startswith(prefix) for key in SOURCE)] == []


def test_every_key_is_asked_for() -> None:
    keys, prefixes = _used()

    assert [key for key in SOURCE if key not in keys and not key.startswith(tuple(prefixes))] == []


# Mail has a catalogue of its own; its keys are asked for whole, or by a prefix that ends in a dot.
MAIL = catalogue("en", "mail")
_MAIL_KEY = re.compile(rf"""["']((?:{"|".join({key.partition(".")[0] for key in MAIL})})\.[a-z_]*)""")


def _mail_keys() -> set[str]:
    files = (ROOT / "notify").glob("*.py")
    return {key for file in files for key in _MAIL_KEY.findall(file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("language", OTHERS)
def test_mail_says_the_same_in_every_language(language: str) -> None:
    same = json.loads(Path(i18n.__file__).with_name("mail").joinpath("same.json").read_text("utf-8"))
    words = {key: str(text) for key, text in catalogue(language, "mail").items()}

    assert list(words) == list(MAIL)
    assert [key for key, text in words.items() if not text.strip()] == []
    assert {key: _placeholders(text) for key, text in words.items()} == {
        key: _placeholders(str(text)) for key, text in MAIL.items()
    }
    assert sorted(key for key, text in words.items() if text == MAIL[key]) == sorted(same[language])


def test_mail_has_the_words_it_asks_for_and_no_others() -> None:
    asked = _mail_keys()

    assert [key for key in asked if key not in MAIL and not key.endswith(".")] == []
    assert [key for key in MAIL if key not in asked and not key.startswith(tuple(asked - MAIL.keys()))] == []
