"""E-mail addresses as people write and repeat them. Pure."""

import re
import unicodedata
from urllib.parse import unquote

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\.]+(\.[^\s@<>()\[\],;:\"\\.]+)+")


def is_mail_address(text: str) -> bool:
    """Whether this is one bare address, in any script."""
    return _ADDRESS.fullmatch(text) is not None


def addresses_in(text: str) -> list[str]:
    """List the addresses in a text: `Ann <ann@example.org>`, `mailto:ann@example.org?subject=…`."""
    scheme, _, rest = text.strip().partition(":")
    if scheme.casefold() == "mailto":
        text = unquote(rest.partition("?")[0])
    return [each[0] for each in _ADDRESS.finditer(text)]


def mailbox(address: str) -> str:
    """Give what all spellings of one mailbox share: no "+tag", no dots before the @, wide letters as narrow.

    Only to count: not every server reads them as one, so nothing is shown, sent or erased by it.
    """
    local, _, host = comparable(unicodedata.normalize("NFKC", address)).rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{host}"


def comparable(address: str) -> str:
    """Give an address as it is compared, everywhere and in Python: databases differ outside ASCII."""
    composed = unicodedata.normalize("NFC", address.strip())
    return unicodedata.normalize("NFC", composed.casefold())
