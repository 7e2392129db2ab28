"""What a client knows already and which codings it takes (RFC 9110). Any room may use it."""

from functools import lru_cache


def is_known(etag: bytes, if_none_match: bytes) -> bool:
    """Whether If-None-Match names this ETag, weakly compared (RFC 9110, 13.1.2)."""
    named = [each.strip().removeprefix(b"W/") for each in if_none_match.split(b",")]
    return etag in named or b"*" in named


# Phones send the same few headers: each is read once.
@lru_cache(maxsize=256)
def coding(accept_encoding: bytes) -> bytes:
    """Choose the content coding (RFC 9110, 12.5.3); a coding with q=0 is refused."""
    wanted: dict[bytes, bool] = {}
    for each in accept_encoding.lower().split(b","):
        name, _, parameter = each.strip().partition(b";")
        wanted[name.strip()] = parameter.replace(b" ", b"") not in {b"q=0", b"q=0.0", b"q=0.00", b"q=0.000"}
    return next((name for name in (b"br", b"gzip") if wanted.get(name)), b"identity")


@lru_cache(maxsize=256)
def language_of(accept_language: str, offered: tuple[str, ...]) -> str:
    """Choose an offered language by first subtags (RFC 4647, 3.4); the first one where none is wanted."""
    wanted: dict[str, float] = {}
    for each in accept_language.lower().split(","):
        tag, _, quality = each.partition(";q=")
        name = tag.strip().partition("-")[0]
        wanted[name] = max(wanted.get(name, 0), _quality(quality))
    best = max(offered, key=lambda language: wanted.get(language, 0))
    return best if wanted.get(best) else offered[0]


def _quality(written: str) -> float:
    try:
        return float(written or 1)
    except ValueError:
        return 0
