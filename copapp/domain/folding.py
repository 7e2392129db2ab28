# ruff: noqa: RUF001, RUF003 - letters that look like others are what this file is about
"""Text as search sees it: what people write in two ways, or cannot type on the keyboard at hand, is the same.

Case, accents of every script (ё and й too), letters that only look like another with a stroke, apostrophes,
dashes and any other punctuation do not matter. Stored and asked-for text go through the same function.
"""

import unicodedata

# Left out altogether: "O’Brien" is found as "obrien", "Oʻzbekiston" as "ozbekiston".
_APOSTROPHES = "'`´‘’‛′ʹʻʼʽʾʿˈˊˋ＇ـ"
# What Unicode takes for a letter of its own, and what is typed for it on a keyboard that does not have it.
_INSTEAD = "øo ðd đd łl ħh ŧt ıi ŋn æae œoe þth ĳij əa әа ғг қк ңн өо ұу үу һх іи ґг єе җж ҳх ҷч ҝк"
_ALIKE = str.maketrans(
    dict.fromkeys(_APOSTROPHES, "") | {pair[0]: pair[1:] for pair in _INSTEAD.split()},
)


def folded(*texts: str) -> str:
    """Give texts as search compares them: words of letters and digits, one space between two."""
    plain = unicodedata.normalize("NFKD", "\n".join(texts).translate(_ALIKE).casefold())
    kept = "".join(_kept(each) for each in plain.casefold().translate(_ALIKE))
    return " ".join(kept.split())


def words_of(query: str) -> list[str]:
    """Give the words that must all be found, each anywhere."""
    return folded(query).split()


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf":
        return ""
    return character if category[0] in "LN" else " "
