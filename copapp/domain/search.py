"""Search as one types. JavaScript twin: `matches` in copapp/offline/store/rules.js."""

import unicodedata


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(each for each in parts if not unicodedata.category(each).startswith("M")).lower()


def matches(title: str, room: str, site: str, query: str) -> bool:
    """Whether every word of the query stands in title, room or site; case and accents do not matter."""
    text = _plain(f"{title} {room} {site}")
    return all(word in text for word in _plain(query).split())
