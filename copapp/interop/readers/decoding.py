"""Bytes to text, whatever program wrote them."""

import codecs

_BOMS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
_SAMPLE = 4_000
_FIRST_LETTER = 0xC0
# Letters of Russian texts by how often they come; what stands for them tells the old encodings apart.
_FREQUENT = set("оеаинтсрвлкмдпуя")
_CYRILLIC = ("cp1251", "koi8-r", "cp866")


def decode(content: bytes) -> str:
    """Decode by a mark, else as UTF-8, else as what the bytes look like; no NUL is left."""
    return content.decode(encoding(content), "replace").replace("\0", "").removeprefix("\ufeff")


def encoding(content: bytes) -> str:
    """Name the encoding: UTF-8, -16 or -32, or one of the old ones of Western and of Russian texts."""
    for mark, name in _BOMS:
        if content.startswith(mark):
            return name
    sample = content[:_SAMPLE]
    first, second = _high_bytes(sample[::2]), _high_bytes(sample[1::2])
    if sample.count(0) and max(first, second) > len(sample) // 3:
        return "utf-16-le" if second > first else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _old(content)
    return "utf-8"


def _high_bytes(half: bytes) -> int:
    """Count what would be the first half of a Latin or a Cyrillic letter in UTF-16."""
    return half.count(0) + half.count(4)


def _old(content: bytes) -> str:
    """Tell Russian from Western texts: its words are all high bytes, theirs hold one here and there."""
    high = bytes(each if each >= 0x80 else 0x20 for each in content[: _SAMPLE * 10])
    words = high.split()
    if sum(len(word) for word in words if len(word) > 2) * 2 < sum(len(word) for word in words):
        return "cp1252"
    return max(_CYRILLIC, key=lambda name: _frequent(high, name))


def _frequent(high: bytes, name: str) -> int:
    return sum(each in _FREQUENT for each in high.decode(name, "replace"))
