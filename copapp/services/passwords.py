"""Passwords by NIST 800-63B: long ones, no rules of composition, none that others would think of."""

import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from copapp.services.common_passwords import is_common, is_made_of

SHORTEST, LONGEST = 12, 256

_FEWEST_DIFFERENT = 5
_hasher = PasswordHasher()


class PasswordError(ValueError):
    """A password that must not be chosen.

    `code` is a key of the catalogues: short, long, known, yours (made of the person's own name or address) or
    ours (of the conference's names).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_password(password: str, *about: str, names: Iterable[str] = ()) -> None:
    """Refuse a password that is short, long, common, or `about` the person or the conference's `names`.

    Raises PasswordError.
    """
    given = _composed(password)
    if len(given) < SHORTEST:
        raise PasswordError("short")
    if len(given) > LONGEST:
        raise PasswordError("long")
    if is_common(given) or len(set(given.casefold())) < _FEWEST_DIFFERENT:
        raise PasswordError("known")
    for code, words in (("yours", about), ("ours", (*about, *names))):
        if is_made_of(given, words):
            raise PasswordError(code)


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
