"""One-time codes of an authenticator app (RFC 6238, with its usual values: SHA-1, six digits, 30 seconds)."""

import hmac
from base64 import b32decode
from datetime import datetime
from urllib.parse import quote, urlencode

SECRET_LETTERS = 32
_SECONDS, _DIGITS = 30, 6
_OTHER_CLOCK = (0, -1, 1)


def code_at(secret: str, step: int) -> str:
    """Give the code of a step (RFC 4226, 5.3); the secret is 20 bytes in base32."""
    digest = hmac.digest(b32decode(secret), step.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def step_at(now: datetime) -> int:
    """Number the half minutes since 1970."""
    return int(now.timestamp()) // _SECONDS


def step_of(secret: str, code: str, now: datetime, after: int = 0) -> int:
    """Give the step whose code this is, 0 for none; a clock may be off by half a minute.

    Only steps after the last one that was used: a code that somebody saw is good for nothing.
    """
    given = code.replace(" ", "").encode()
    steps = (step_at(now) + each for each in _OTHER_CLOCK)
    return next((each for each in steps if each > after and _is(secret, each, given)), 0)


def set_up_link(secret: str, account: str, issuer: str) -> str:
    """Give what an authenticator app reads from a QR code (Key URI format)."""
    label = quote(f"{issuer}:{account}", safe="")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"


def _is(secret: str, step: int, given: bytes) -> bool:
    return hmac.compare_digest(code_at(secret, step).encode(), given)
