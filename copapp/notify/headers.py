"""How the headers of a mail are written: the words read back are the words given.

Python 3.11 drops the blanks between encoded words. So text that is not short and plain is written as
encoded words (RFC 2047) by the standard library's older way, which keeps every sign.
"""

from email.header import Header
from email.headerregistry import Address, HeaderRegistry, UniqueUnstructuredHeader
from email.policy import SMTP, EmailPolicy
from typing import Any

_LONGEST_LINE = 76
_ENCODED = "=?"


class _AsGiven(UniqueUnstructuredHeader):
    """A subject that is taken as it is: what somebody typed may look like an encoded word."""

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        super().parse(value, kwds)
        kwds["decoded"] = value


class _HeaderPolicy(EmailPolicy):
    """The policy for SMTP, but for what a person reads: the subject and the names in addresses."""

    def fold(self, name: str, value: Any) -> str:
        return self._written(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        written = self._written(name, value)
        return written.encode() if written else super().fold_binary(name, value)

    def _written(self, name: str, value: Any) -> str:
        addresses: tuple[Address, ...] = getattr(value, "addresses", ())
        if name.lower() == "subject":
            text = _words(str(value), name)
        elif addresses:
            text = ",\n ".join(_address(each, name) for each in addresses)
        else:
            return ""
        return f"{name}: {text}\n".replace("\n", self.linesep)


def _address(given: Address, name: str) -> str:
    """Write an address; its name on a line of its own where it is encoded."""
    plain = str(given)
    if _is_plain(given.display_name, name) or not given.display_name:
        return plain
    bare = str(Address(username=given.username, domain=given.domain))
    return f"{_words(given.display_name, name)}\n <{bare}>"


def _words(text: str, name: str) -> str:
    if _is_plain(text, name):
        return text
    return Header(text, "utf-8", _LONGEST_LINE, name).encode(linesep="\n")


def _is_plain(text: str, name: str) -> bool:
    """Whether text can stand as it is: one short line of ASCII that nobody takes for encoded words."""
    return (
        text.isascii()
        and text.isprintable()
        and _ENCODED not in text
        and len(name) + 2 + len(text) <= _LONGEST_LINE
    )


_registry = HeaderRegistry()
_registry.map_to_type("subject", _AsGiven)  # type: ignore[arg-type]  # typeshed asks for the registry's base

HEADERS = _HeaderPolicy(linesep=SMTP.linesep, header_factory=_registry)
"""For addresses in ASCII."""

INTERNATIONAL = HEADERS.clone(utf8=True)
"""For servers that take addresses in any script (RFC 6531)."""
