"""Texts of strangers, made safe to keep and to show."""

import re
import unicodedata
from typing import Any

# What turns the reading order around, joins or hides: a name must not show as another one.
_INVISIBLE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_MANY_BREAKS = re.compile(r"\n{3,}")


def one_line(text: Any) -> str:
    """Give a text on one line; "" for what is no text."""
    return " ".join(_clean(text).split())


def lines(text: Any) -> str:
    """Give a text with its line breaks; "" for what is no text."""
    kept = [
        " ".join(line.split(" ")).rstrip()
        for line in _BREAKS.sub("\n", _clean(text, keep="\n\r\t")).split("\n")
    ]
    return _MANY_BREAKS.sub("\n\n", "\n".join(kept)).strip()


def shown(value: Any, most: int = 60) -> str:
    """Quote a value of a file in a message."""
    text = one_line(value if isinstance(value, str) else repr(value)[: most * 2])
    return f"“{text[:most]}…”" if len(text) > most else f"“{text}”"


def _clean(text: Any, keep: str = "") -> str:
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        return ""
    found = _INVISIBLE.sub("", str(text))
    if not found.isprintable():
        found = "".join(each if each.isprintable() or each in keep else _instead(each) for each in found)
    return unicodedata.normalize("NFC", found)


def _instead(sign: str) -> str:
    """Give a space for what separates, and nothing for controls, lone surrogates and the unassigned."""
    return " " if sign.isspace() else ""
