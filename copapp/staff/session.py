"""The session that a staff request or socket carries. Used by the doors, the guard and the states.

The cookie holds a token; beyond the doors goes only its hash, in a header that no client can set.
"""

from hashlib import sha256

from copapp.settings import settings

HEADER = "copapp-session"
"""What the front door puts on a connection in place of its cookies: the hash of the session's token."""


def is_secure() -> bool:
    """Whether browsers reach us over TLS only."""
    return settings().public_url.startswith("https://")


def cookie_name() -> str:
    """Name the cookie; the prefix (RFC 6265bis, 4.1.3.2) asks for TLS, which a preview does not have."""
    return "__Host-copapp" if is_secure() else "copapp-staff"


def cookie(token: str, seconds: int) -> str:
    """Give the value of Set-Cookie; no token and 0 seconds forget it."""
    secure = "; Secure" if is_secure() else ""
    return f"{cookie_name()}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"


def session_of(cookies: str) -> str:
    """Give the hash of the session's token in a Cookie header; "" without one."""
    pairs = (each.strip().partition("=") for each in cookies.split(";"))
    token = next((value for name, _, value in pairs if name == cookie_name()), "")
    return sha256(token.encode()).hexdigest() if token else ""
