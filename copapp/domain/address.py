"""Slugs in addresses as strangers pass them on: cut, lengthened, retyped. Pure.

JavaScript twin: `slugIn` in copapp/offline/store/address.js.
"""

import re
from urllib.parse import unquote

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slug_in(text: str) -> str:
    """Give the first slug in a text, whatever stands around it, in small letters; "" for none."""
    found = _SLUG.search(unquote(text).lower())
    return found[0] if found else ""


def written_as_ours(path: str) -> str:
    """Write a path of slugs as our addresses are: each part that has none is left out."""
    return "/" + "/".join(filter(None, map(slug_in, path.split("/"))))


def last_slug(link: str) -> str:
    """Give the last slug of an address's path, whatever a chat put around it or behind; "" for none."""
    path = link.partition("#")[0].partition("?")[0]
    return written_as_ours(path).rpartition("/")[2]
