"""The session that a staff request or socket carries. Used by the doors, the guard and the states.

The cookie holds a token; beyond the doors goes only its hash, in a header that no client can set.
"""

from hashlib import sha256

from copapp.settings import settings

HEADER = "copapp-session"
"""What the front door puts on a connection in place of its cookies: the hash of the session's token."""

_DEVICES = 4
_LONGEST_SECONDS = 400 * 24 * 60 * 60  # browsers keep nothing for longer (RFC 6265bis, 5.6.1)


def is_secure() -> bool:
    """Whether browsers reach us over TLS only."""
    return settings().public_url.startswith("https://")


def cookie_name() -> str:
    """Name the cookie; the prefix (RFC 6265bis, 4.1.3.2) asks for TLS, which a preview does not have."""
    return "__Host-copapp" if is_secure() else "copapp-staff"


def cookie(token: str, seconds: int) -> str:
    """Give the value of Set-Cookie; no token and 0 seconds forget it."""
    return _kept(cookie_name(), token, seconds)


def session_of(cookies: str) -> str:
    """Give the hash of the session's token in a Cookie header; "" without one."""
    token = _found(cookies, cookie_name())
    return sha256(token.encode()).hexdigest() if token else ""


def device_name() -> str:
    """Name the cookie by which a browser is known again."""
    return "__Host-copapp-device" if is_secure() else "copapp-device"


def device_cookie(device: str, kept: list[str]) -> str:
    """Give the Set-Cookie that adds a device to what a browser keeps: one for each of us who uses it."""
    others = [each for each in kept if each != device]
    return _kept(device_name(), "~".join([device, *others][:_DEVICES]), _LONGEST_SECONDS)


def devices_of(cookies: str) -> list[str]:
    """Give what a Cookie header says of earlier sign-ins in that browser."""
    return [each for each in _found(cookies, device_name()).split("~")[:_DEVICES] if each]


def _kept(name: str, value: str, seconds: int) -> str:
    secure = "; Secure" if is_secure() else ""
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"


def _found(cookies: str, wanted: str) -> str:
    pairs = (each.strip().partition("=") for each in cookies.split(";"))
    return next((value for name, _, value in pairs if name == wanted), "")
