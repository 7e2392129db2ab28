"""Which passwords others would think of: what many use, and what is made of it or of known names.

`common_passwords.txt` holds what lists of stolen passwords begin with. Digits and signs around a word, and
those that stand for letters, make no difference: who guesses tries them too.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from copapp.domain.latin import in_latin

_MOST_WORDS = 2
_SHORTEST_COMMON, _SHORTEST_NAME, _LONGEST = 4, 3, 40
_LEET = str.maketrans("013457@$!", "oieastasi")
_NO_LETTERS = r"[\W\d_]+"


def is_common(password: str) -> bool:
    """Whether it is on the list, digits alone, or two words of the list with digits and signs about them."""
    plain = re.sub(r"[\W_]+", "", password.casefold())
    return plain.isdecimal() or plain in _common() or is_made_of(password, ())


def is_made_of(password: str, names: Iterable[str]) -> bool:
    """Whether its letters are those of names, with at most two words of the list before, after or between."""
    known = {word for name in names for word in _words(name)}
    return any(_cost(letters, known) <= _MOST_WORDS for letters in _readings(password) if letters)


@cache
def _common() -> frozenset[str]:
    lines = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    return frozenset(each for each in lines if not each.startswith("#"))


def _words(name: str) -> Iterator[str]:
    """Give the words of a name, also in Latin letters."""
    for text in (name, in_latin(name)):
        yield from (each for each in re.split(_NO_LETTERS, _plain(text)) if len(each) >= _SHORTEST_NAME)


def _readings(password: str) -> set[str]:
    """Give the letters that a password may be read as: without digits, or with those that mean letters."""
    plain = _plain(password)
    before, after = re.sub(f"^{_NO_LETTERS}", "", plain), re.sub(f"{_NO_LETTERS}$", "", plain)
    both = re.sub(f"^{_NO_LETTERS}", "", after)
    read = [plain, in_latin(plain), *(each.translate(_LEET) for each in (before, after, both))]
    return {re.sub(_NO_LETTERS, "", each) for each in read}


def _plain(text: str) -> str:
    """Give text without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(each for each in apart if not unicodedata.combining(each)))


def _cost(letters: str, names: set[str]) -> float:
    """Count the words of the list that letters hold beside names; infinite where something is left over."""
    costs = [0.0] + [float("inf")] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - _LONGEST), end):
            word = letters[start:end]
            is_word = len(word) >= _SHORTEST_COMMON and word in _common()
            cost = 0 if word in names else 1 if is_word else float("inf")
            costs[end] = min(costs[end], costs[start] + cost)
    return costs[-1]
