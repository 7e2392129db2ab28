"""One table of a TOML file, read with a complaint for everything that is wrong with it."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from copapp.domain.event_form import FormProblem

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
MISSING = object()


def _has_control(text: str, but: str = "") -> bool:
    return any(unicodedata.category(each) == "Cc" and each not in but for each in text)


class Item:
    """One table of a TOML file: takes its keys out by name and notes what is wrong with them.

    In words for who edits the file, and in `blamed` by field and code for who fills in a form.
    """

    def __init__(self, where: str, given: Any, problems: list[str]) -> None:
        self.where, self.problems = where, problems
        self.blamed: list[FormProblem] = []
        if not isinstance(given, dict):
            self.wrong("is not a table")
            given = {}
        self.left: dict[str, Any] = dict(given)

    def wrong(self, what: str, field: str = "", code: str = "") -> None:
        self.problems.append(f"{self.where}: {what}")
        if field:
            self.blamed.append(FormProblem(field, code))

    def take(self, key: str, *kinds: type, default: Any = MISSING) -> Any:
        """Take a value of exactly one of these types: a bool is no int here, a datetime no date."""
        value = self.left.pop(key, default)
        if value is MISSING:
            self.wrong(f"`{key}` is missing", key, "required")
            return None
        if value is not default and type(value) not in kinds:
            wanted = " or ".join(each.__name__ for each in kinds)
            words = f"`{key}` is {value!r}; it should be of type {wanted}"
            self.wrong(words, key, f"kind_{kinds[0].__name__}")
            return None
        return value

    def text(self, key: str, default: Any = MISSING) -> str:
        value = self.take(key, str, default=default)
        if value is None or value is default:
            return value or ""
        if not value.strip():
            self.wrong(f"`{key}` is empty", key, "required")
        elif _has_control(value):
            self.wrong(f"`{key}` holds a line break or another control character", key, "characters")
        return str(value)

    def texts(self, key: str) -> list[str]:
        given: list[str] = self.take(key, list, default=[]) or []
        self._check_texts(key, given)
        return given

    def named_texts(self, key: str) -> dict[str, str]:
        given: dict[str, str] = self.take(key, dict, default={}) or {}
        self._check_texts(key, given.values())
        return given

    def texts_by_language(self, key: str) -> dict[str, str]:
        given = self.named_texts(key)
        for language in given:
            if not _LANGUAGE.fullmatch(language):
                self.wrong(f"`{key}` names a language {language!r}; it should be a code such as en or fr")
        return given

    def _check_texts(self, key: str, given: Iterable[Any]) -> None:
        for each in given:
            if not isinstance(each, str) or not each.strip() or _has_control(each, but="\n"):
                self.wrong(
                    f"`{key}` holds {each!r}; it should hold texts that are not empty", key, "characters"
                )

    def number(self, key: str, default: Any = MISSING) -> int:
        value = self.take(key, int, default=default)
        if value is not None and value < 1:
            self.wrong(f"`{key}` is {value}; it should be 1 or more", key, "positive")
        return value or 0

    def coordinate(self, key: str, limit: int) -> float | None:
        value: float | None = self.take(key, float, int, default=None)
        if value is not None and not -limit <= value <= limit:
            self.wrong(f"`{key}` is {value}; it should be between -{limit} and {limit}", key, "range")
        return value

    def slug(self) -> str:
        value = self.text("slug")
        if value and not _SLUG.fullmatch(value):
            self.wrong(f"`slug` is {value!r}; it may hold a-z, 0-9 and single hyphens between them")
        return value

    def one_of(self, key: str, known: set[str]) -> str:
        value = self.text(key)
        if value and value not in known:
            self.wrong(f"`{key}` is {value!r}, which is not one of: {', '.join(sorted(known))}")
        return value

    def done(self) -> None:
        for key in self.left:
            self.wrong(f"`{key}` is not a key that is known here")
