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
