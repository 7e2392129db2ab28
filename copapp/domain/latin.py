"""Cyrillic text in Latin letters, as people spell names in addresses."""

_LATIN = "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch _ y _ e iu ia"
_CYRILLIC = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", _LATIN.split(), strict=True))


def in_latin(text: str) -> str:
    """Spell text in small letters, what is Cyrillic in Latin ones; signs that make no sound go."""
    return "".join(_CYRILLIC.get(each, each) for each in text.lower()).replace("_", "")
