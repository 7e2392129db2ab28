"""What may be written into the meeting form. Twin in copapp/offline/store/rules.js."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from copapp.domain.mail_address import is_mail_address

FIELDS = {"reason": 2000, "name": 120, "organisation": 160, "email": 254}
"""The required texts with their greatest length, in characters."""

# Overrides and isolates turn what follows around, also in other people's lists.
_BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters and signs that show nothing: Hangul's fillers, Braille's empty cell.
_BLANK = set("\u115f\u1160\u2800\u3164\uffa0")
_INVISIBLE = {"Cc", "Cf", "Cs", "Mc", "Me", "Mn", "Zl", "Zp", "Zs"}
_SEVERAL_LINES = {"reason": "\n\t"}


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field; `code` is a key of the catalogues."""

    field: str
    code: str


def cleaned(form: Mapping[str, str]) -> dict[str, str]:
    """Give the texts as they are kept: composed (NFC), one kind of line break, no space around."""
    return {
        name: unicodedata.normalize("NFC", form.get(name, "").replace("\r\n", "\n")).strip()
        for name in FIELDS
    }


def problems(form: Mapping[str, str]) -> list[Problem]:
    """List what is wrong with cleaned texts, at most one problem a field, in the order of the form."""
    found = [(name, _problem(name, form.get(name, ""))) for name in FIELDS]
    return [Problem(name, code) for name, code in found if code]


def _problem(name: str, text: str) -> str:
    if not text:
        return "required"
    if len(text) > FIELDS[name]:
        return "too_long"
    if any(_is_unfit(each, _SEVERAL_LINES.get(name, "")) for each in text):
        return "characters"
    if not any(map(_is_visible, text)):
        return "required"
    return "email" if name == "email" and not is_mail_address(text) else ""


def _is_unfit(character: str, but: str) -> bool:
    return character in _BIDI or (unicodedata.category(character) in {"Cc", "Cs"} and character not in but)


def _is_visible(character: str) -> bool:
    return character not in _BLANK and unicodedata.category(character) not in _INVISIBLE
