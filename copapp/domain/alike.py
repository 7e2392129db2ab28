"""When two texts mean the same: titles and places as different people write them down."""

import re
import unicodedata

_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
    | dict.fromkeys("‐‑‒–—―−", "-")  # these are the signs that people write
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff")
)
_WORDS = re.compile(r"\w+")
# "Room Azul", "Azul Room" and "Azul" are one room; "Hall 1" and "Room 1" may be two.
_ROOM = {"room", "salle", "sala", "зал", "комната", "аудитория"}  # these are Russian words


def written_form(text: str) -> str:
    """Give a text without what typesetting does to it: kinds of quotes, dashes and spaces."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_SIGNS).split())


def title_form(title: str) -> str:
    """Give a title without case and signs; the whole title where it holds no word."""
    return " ".join(words(title)) or title


def place_form(name: str) -> str:
    """Give a room's or a site's name without case, signs and the word "room"; "" for none."""
    found = words(name)
    return " ".join([each for each in found if each not in _ROOM] or found)


def words(text: str) -> list[str]:
    """Give a text's words in order, without case."""
    return _WORDS.findall(unicodedata.normalize("NFKC", written_form(text)).casefold())


def likeness(one: str, other: str) -> float:
    """Say what share of their words two texts have in common, from 0 to 1."""
    mine, theirs = set(words(one)), set(words(other))
    return len(mine & theirs) / (len(mine | theirs) or 1)
