"""Passwords by NIST 800-63B: long ones, no rules of composition, none that everybody knows."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 256

_FEWEST_DIFFERENT = 5
_hasher = PasswordHasher()
# What lists of stolen passwords begin with, as far as it is long enough.
_KNOWN = (
    "123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 012345678901 "
    "passwordpassword password1234 password12345 password123456 passw0rd1234 administrator adminadminadmin "
    "qwertyuiop123 qwertyuiop12 qwertyuiopasdf qwertyuiopasdfghjkl 1qaz2wsx3edc 1q2w3e4r5t6y q1w2e3r4t5y6 "
    "abcdefghijkl abcdefghijklm abc123456789 asdfghjkl123 iloveyou1234 letmeinletmein welcome12345 "
    "changemechangeme correcthorsebatterystaple qazwsxedcrfv zaq12wsxcde3 google123456 йцукенгшщзхъ"
)
_WELL_KNOWN = frozenset(_KNOWN.split())


class PasswordError(ValueError):
    """A password that must not be chosen; `code` is a key of the catalogues: short, long, known or yours."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_password(password: str, *about: str) -> None:
    """Refuse a password that is short, long, well known, or `about` the person. Raises PasswordError."""
    given = _composed(password)
    if len(given) < SHORTEST:
        raise PasswordError("short")
    if len(given) > LONGEST:
        raise PasswordError("long")
    plain = given.casefold()
    if plain in _WELL_KNOWN or len(set(plain)) < _FEWEST_DIFFERENT:
        raise PasswordError("known")
    if plain in {each.casefold() for each in about}:
        raise PasswordError("yours")


def hash_password(password: str) -> str:
    """Hash a password (argon2id, RFC 9106); takes tens of milliseconds and 64 MiB."""
    return _hasher.hash(_composed(password))


@cache
def _nobody() -> str:
    """Give what is checked where there is no account, so that the answer takes as long."""
    return hash_password("nobody has this password")


def is_password(hashed: str, password: str) -> bool:
    """Whether it is the password; as slow without a hash."""
    try:
        return _hasher.verify(hashed or _nobody(), _composed(password[: 4 * LONGEST])) and bool(hashed)
    except (VerificationError, InvalidHashError):
        return False


def _composed(password: str) -> str:
    """Make what was typed the same on every keyboard (NIST 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
