"""What `COPAPP_FETCH_ALLOW` says. Any room may use it."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

_PLACE = re.compile(r"(\[[0-9a-f:.]+\]|[0-9a-z._-]+)(?::(\d{1,5}))?")


@dataclass(frozen=True)
class FetchAllow:
    """What an import may reach although it is private: networks, and hosts with a port or None for any."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    places: frozenset[tuple[str, int | None]] = frozenset()

    def names(self, host: str, port: int) -> bool:
        """Whether this very place is opened, whatever its address."""
        return bool({(host, port), (host, None)} & self.places)

    def names_port(self, host: str, port: int) -> bool:
        """Whether a port that is none of the usual ones is opened."""
        return (host, port) in self.places

    def holds(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether an address lies in a network that is opened."""
        return any(address in each for each in self.networks)


def fetch_allow(text: str) -> FetchAllow:
    """Read hosts, host:port and networks, with commas or spaces between; raises ValueError with words."""
    networks, places = [], set()
    for each in text.lower().replace(",", " ").split():
        try:
            networks.append(ip_network(each))
        except ValueError:
            places.add(_place(each))
    return FetchAllow(tuple(networks), frozenset(places))


def _place(text: str) -> tuple[str, int | None]:
    found = _PLACE.fullmatch(text)
    if found is None or int(found[2] or 0) > 65_535:  # noqa: PLR2004 - the last port there is
        raise ValueError(
            "write hosts, host:port, networks: intranet.example.org, 10.1.2.0/24, [fd00::1]:8080"
        )
    return found[1].strip("[]"), int(found[2]) if found[2] else None
