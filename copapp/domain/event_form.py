"""What staff write of an event, and what may be wrong with it; each problem is a field and a code."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

TITLE_LENGTH, TEXT_LENGTH = 300, 5_000
LONGEST = timedelta(days=3)


@dataclass(frozen=True)
class EventForm:
    """An event as it was written; instants are aware, `ends` None where unknown, `room` a slug."""

    title: str
    starts: datetime
    ends: datetime | None
    room: str
    published: str = ""
    descriptions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FormProblem:
    """A field, and the code of what is wrong with it."""

    field: str
    code: str


def tidy(form: EventForm) -> EventForm:
    """Give the form as it is kept: composed letters (NFC), no blanks at the ends, no empty descriptions."""
    texts = {language: _tidy(text) for language, text in form.descriptions.items()}
    return EventForm(
        _tidy(form.title),
        form.starts,
        form.ends,
        form.room,
        _tidy(form.published),
        {language: text for language, text in texts.items() if text},
    )


def problems(form: EventForm, rooms: Iterable[str]) -> list[FormProblem]:
    """List what is wrong with a tidy form; `rooms` are the slugs there are."""
    length = form.ends - form.starts if form.ends else None
    checks = {
        ("title", "required"): not form.title,
        ("title", "too_long"): len(form.title) > TITLE_LENGTH,
        ("title", "characters"): _has_control(form.title) or "\n" in form.title,
        ("ends", "order"): length is not None and length <= timedelta(),
        ("ends", "too_long"): length is not None and length > LONGEST,
        ("room", "unknown"): form.room not in rooms,
        ("published", "too_long"): len(form.published) > TITLE_LENGTH,
        ("published", "characters"): _has_control(form.published),
        ("descriptions", "too_long"): any(len(text) > TEXT_LENGTH for text in form.descriptions.values()),
        ("descriptions", "characters"): any(map(_has_control, form.descriptions.values())),
    }
    return [FormProblem(*which) for which, is_wrong in checks.items() if is_wrong]


def slug_of(title: str, taken: Iterable[str]) -> str:
    """Make a slug of a title (a-z, 0-9, hyphens), another than those taken."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-") or "event"
    known = set(taken)
    numbered = (f"{words}-{number}" for number in range(2, len(known) + 3))
    return next(each for each in (words, *numbered) if each not in known)


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _has_control(text: str) -> bool:
    return any(unicodedata.category(each) in {"Cc", "Cs"} and each not in "\n\t" for each in text)
