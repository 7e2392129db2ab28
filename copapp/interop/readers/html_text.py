"""A page's HTML as lines of text, list items with a bullet: what a person would copy from it."""

from typing import Any

from lxml import etree

from copapp.domain.imported import Fault, ProgrammeFileError
from copapp.interop.readers import limits
from copapp.interop.readers.page import BULLET

_TAGS = 300_000
_ATTRIBUTES = 200_000
_BETWEEN = " \t\n\r\f/="
_UNSEEN = {"script", "style", "noscript", "template", "svg", "head", "select", "textarea", "iframe", "object"}
_INLINE = {
    *(
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "dfn",
        "em",
        "font",
        "i",
        "img",
    ),
    *(
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "del",
        "strike",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
    ),
    *("time", "tt", "u", "var", "wbr"),
}
_STRUCK = {"s", "del", "strike"}
_OFF = " (cancelled)"


def html_lines(text: str) -> str:
    """Give the text that a page shows, a line for each block."""
    limits.refuse_many("tags", text.count("<"), _TAGS)
    # A tag's end is not looked for: what follows it, up to the next tag, is counted with it.
    longest = max((sum(map(each.count, _BETWEEN)) for each in text.split("<")), default=0)
    limits.refuse_many("attributes in a tag", longest, _ATTRIBUTES)
    shown = _Shown()
    parser = etree.HTMLParser(
        target=shown, encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        parser.feed(text.encode("utf-8", "replace"))
        found: str = parser.close()
    except etree.LxmlError as error:
        raise ProgrammeFileError(Fault.BROKEN, "The page's HTML cannot be read.") from error
    return found


class _Shown:
    """Takes a parser's events, and keeps what a reader of the page would see."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.text: list[str] = []
        self.struck: list[str] = []
        self.unseen = self.is_struck = 0
        self.bullet = ""

    def start(self, tag: str, _attributes: Any) -> None:
        self.unseen += tag in _UNSEEN
        self.is_struck += tag in _STRUCK
        if tag in {"td", "th"} and self.text:
            self.text.append(", ")
        elif tag not in _INLINE:
            self._break()
        if tag == "li":
            self.bullet = f"{BULLET} "

    def end(self, tag: str) -> None:
        self.unseen -= tag in _UNSEEN
        self.is_struck -= tag in _STRUCK
        if tag not in _INLINE and tag not in {"td", "th"}:
            self._break()

    def data(self, text: str) -> None:
        if not self.unseen:
            (self.struck if self.is_struck else self.text).append(text)

    def close(self) -> str:
        self._break()
        return "\n".join(self.lines)

    def _break(self) -> None:
        line = " ".join("".join(self.text).split())
        struck = " ".join("".join(self.struck).split())
        if line or struck:
            # What is struck out beside other words was replaced by them; a line all struck out is called off.
            self.lines.append(self.bullet + (line or struck + _OFF))
            self.bullet = ""
        self.text, self.struck = [], []
