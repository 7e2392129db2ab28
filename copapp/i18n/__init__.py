"""The catalogues: one JSON file a language, the same keys in each; `en` is the source."""

import json
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "fr": "Français", "es": "Español", "ru": "Русский"}
# What only some delegates' pages say: it comes with those pages, so that a first visit does not carry it.
PARTS = ("calendars", "changes", "day", "map", "meet", "more", "there")


@cache
def catalogue(language: str, part: str = "") -> dict[str, "str | dict[str, str]"]:
    """The words of one language: key to text, or to its plural forms (CLDR names).

    `part` is a folder beside: one of PARTS, "staff", "mail", "paper", or "" for what every delegate reads.
    """
    words: dict[str, str | dict[str, str]] = json.loads(
        Path(__file__).parent.joinpath(part, f"{language}.json").read_text(encoding="utf-8")
    )
    return words
