"""The catalogue of mail and webhooks."""

import re
import unicodedata

from copapp.i18n import LANGUAGES, catalogue

_GAPS = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


def say(language: str, key: str, **values: str) -> str:
    """Give a text in a language, English for one that we do not speak, its gaps filled."""
    words = catalogue(language if language in LANGUAGES else "en", "mail")[key]
    return str(words).format(**values)


def one_line(text: str) -> str:
    """Give text as one line without control characters, for headers and lists."""
    kept = ("" if unicodedata.category(each) in _UNSEEN else each for each in _GAPS.sub(" ", text))
    return "".join(kept).strip()
