"""The conference's settings as a form holds them, and back: every field is text."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from copapp.models import Conference

LANGUAGES = ("en", "fr", "es", "ru")
_GAP = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class ConferenceFields:
    """Dates are YYYY-MM-DD; an empty line parts paragraphs, and each slot (HH:MM-HH:MM) has a line."""

    version: int = 0
    name: str = ""
    long_name: str = ""
    organisation: str = ""
    place: str = ""
    address: str = ""
    latitude: str = ""
    longitude: str = ""
    starts: str = ""
    ends: str = ""
    contact_email: str = ""
    funding_url: str = ""
    introduction: str = ""
    about_en: str = ""
    about_fr: str = ""
    about_es: str = ""
    about_ru: str = ""
    assumed_length_minutes: str = ""
    meeting_day_starts: str = ""
    meeting_day_ends: str = ""
    meeting_minutes: str = ""
    usual_slots: str = ""
    retention_days: str = ""


def conference_fields(given: Conference) -> ConferenceFields:
    """Fill the form with what is kept."""
    plain = {
        name: getattr(given, name) for name in ConferenceFields.__dataclass_fields__ if hasattr(given, name)
    }
    told = {name: "" if value is None else str(value) for name, value in plain.items()}
    texts = {f"about_{language}": given.about.get(language, "") for language in LANGUAGES}
    lists = {"introduction": "\n\n".join(given.introduction), "usual_slots": "\n".join(given.usual_slots)}
    return ConferenceFields(**(told | texts | lists | {"version": given.version}))  # type: ignore[arg-type]


def read_fields(given: dict[str, Any], about: dict[str, str]) -> dict[str, Any]:
    """Give what was typed by the keys and types of `conference.toml`; what has not its type stays text.

    `about` is what is kept, for the languages that the form does not show.
    """
    text = {name: _tidy(str(given[name])) for name in ConferenceFields.__dataclass_fields__}
    others = {language: words for language, words in about.items() if language not in LANGUAGES}
    texts = {language: text[f"about_{language}"] for language in LANGUAGES if text[f"about_{language}"]}
    lists = {
        "introduction": [each.strip() for each in _GAP.split(text["introduction"]) if each.strip()],
        "usual_slots": [each.strip() for each in text["usual_slots"].splitlines() if each.strip()],
        "about": others | texts,
    }
    left_out = {"version", *lists, *(name for name in text if name.startswith("about_"))}
    single = {name: _typed(name, words) for name, words in text.items() if name not in left_out}
    return {name: value for name, value in single.items() if value != "" or name not in _OPTIONAL} | lists


def _number(text: str) -> float:
    return float(text.replace(",", "."))


_OPTIONAL = frozenset({"contact_email", "funding_url", "latitude", "longitude"})
_TYPES: dict[str, Callable[[str], Any]] = {
    "latitude": _number,
    "longitude": _number,
    "starts": date.fromisoformat,
    "ends": date.fromisoformat,
    "assumed_length_minutes": int,
    "meeting_minutes": int,
    "retention_days": int,
}


def _typed(name: str, text: str) -> Any:
    try:
        return _TYPES[name](text) if name in _TYPES else text
    except ValueError:
        return text


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
