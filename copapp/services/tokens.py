"""The secret links of requests and calendars: made from the server's key and the phone's, never stored."""

import hmac
import re
import secrets
from base64 import b32encode
from hashlib import sha256

from sqlmodel import Session, select

from copapp.models import MeetingRequest, Secret
from copapp.settings import settings

_NAME = "tokens"
_FORM = re.compile("[a-z2-7]{32}")


def secret_key(db: Session) -> bytes:
    """Give the key that the environment sets, or the one that the database was born with."""
    if settings().secret_key:
        return settings().secret_key.encode()
    return db.get_one(Secret, _NAME).value.encode()


def count_alone(db: Session) -> None:
    """Let nobody else who asks for this count meanwhile; SQLite's write lock does that already."""
    db.exec(select(Secret.name).where(Secret.name == _NAME).with_for_update())


def keyed_hash(db: Session, purpose: str, value: str) -> str:
    """Hash a value so that only this server can: 64 hexadecimal digits."""
    return hmac.new(secret_key(db), f"{purpose}:{value}".encode(), sha256).hexdigest()


def hash_of(secret: str) -> str:
    """Hash what is random already (a token, a phone's key): 64 hexadecimal digits."""
    return sha256(secret.encode()).hexdigest()


def can_be_token(text: str) -> bool:
    """Whether a text has the form of a token: 32 letters and digits of base32."""
    return bool(_FORM.fullmatch(text))


def token_for(db: Session, key_hash: str) -> str:
    """Make the token of the request with that key: 32 letters and digits, the same each time."""
    return _token(db, f"request:{key_hash}")


def request_token(db: Session, request: MeetingRequest) -> str:
    """Make a request's token again, for a link in a mail."""
    return token_for(db, request.key_hash)


def calendar_token(db: Session, key_hash: str) -> str:
    """Make the token of the personal calendar with that key, as long as a request's."""
    return _token(db, f"calendar:{key_hash}")


def new_token() -> str:
    """Make a token by chance alone, as long as a request's: who loses it needs another."""
    return _written(secrets.token_bytes(20))


def _token(db: Session, of: str) -> str:
    return _written(hmac.new(secret_key(db), of.encode(), sha256).digest()[:20])


def _written(given: bytes) -> str:
    return b32encode(given).decode().lower()
