"""Which addresses of the web may be asked at all, and where on the net they may lead."""

from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx

from copapp.fetch_allow import FetchAllow

PORTS = frozenset({80, 443, 8000, 8080, 8443})
"""Where web servers listen; nothing else is asked, because other servers may take a request for orders."""

_LONGEST = 2_000
_SCHEMES = {"http": 80, "https": 443}
_EVERY_IPV4, _EVERY_IPV6 = ip_network("0.0.0.0/0"), ip_network("2000::/3")
# IANA's special-purpose registries, spelled out: what Python calls global differs from version to version.
_NOT_PUBLIC = [
    ip_network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's own servant of each machine, on a public address
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "2001::/23",  # with Teredo, which carries an IPv4 address
        "2001:db8::/32",
        "2002::/16",  # 6to4, likewise
        "3fff::/20",
    )
]


class Trouble(StrEnum):
    """Why an address could not be fetched; each has words in every catalogue."""

    ADDRESS = "address"
    CREDENTIALS = "credentials"
    PORT = "port"
    NOT_PUBLIC = "not-public"
    NO_HOST = "no-host"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    TOO_SLOW = "too-slow"
    TOO_LARGE = "too-large"
    TOO_FAR = "too-far"
    DOWNGRADE = "downgrade"
    STATUS = "status"
    ANSWER = "answer"


class FetchError(ValueError):
    """An address could not be fetched: `code` to translate, `words` English."""

    def __init__(self, code: Trouble, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


def parsed(address: str, allowed: FetchAllow, ports: frozenset[int] = PORTS) -> httpx.URL:
    """Read an address that may be asked. Raises FetchError."""
    try:
        url = httpx.URL(address.strip() if len(address) <= _LONGEST else "")
    except (httpx.InvalidURL, ValueError):
        url = httpx.URL()
    host = url.raw_host.decode("ascii").rstrip(".")
    if not host or url.scheme not in _SCHEMES:
        words = "Write a whole web address, which begins with https:// or http://."
        raise FetchError(Trouble.ADDRESS, words)
    if url.userinfo:
        raise FetchError(Trouble.CREDENTIALS, "The address names a user or a password: leave them out.")
    port = url.port or _SCHEMES[url.scheme]
    if port not in ports and not allowed.names_port(host, port):
        usual = ", ".join(map(str, sorted(ports)))
        raise FetchError(Trouble.PORT, f"Port {port} is none of those that web servers use ({usual}).")
    return url.copy_with(host=host, fragment=None)


def refuse_private(url: httpx.URL, found: list[str], allowed: FetchAllow) -> None:
    """Refuse a host unless each of its addresses is public, or opened by the setting. Raises FetchError."""
    refuse_private_host(url.raw_host.decode("ascii"), url.port or _SCHEMES[url.scheme], found, allowed)


def refuse_private_host(host: str, port: int, found: list[str], allowed: FetchAllow) -> None:
    """Refuse a host as `refuse_private` does. Raises FetchError."""
    if allowed.names(host, port):
        return
    for each in map(ip_address, found):
        if not (is_public(each) or allowed.holds(each)):
            words = f"{host} is not on the public internet. COPAPP_FETCH_ALLOW can open it."
            raise FetchError(Trouble.NOT_PUBLIC, words)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one that anybody on the internet may reach, and carries no other within."""
    is_unicast = address in _EVERY_IPV4 or address in _EVERY_IPV6
    return is_unicast and not any(address in each for each in _NOT_PUBLIC)
