"""What `COPAPP_TRUSTED_PROXIES` says. Any room may use it."""

from ipaddress import IPv4Network, IPv6Network, ip_network

Network = IPv4Network | IPv6Network

_NOBODY = "none"
_MAPPED_BITS = 96


def trusted_networks(given: str) -> list[Network]:
    """Read addresses and networks; "none" is nobody. Raises ValueError, which says what would be right."""
    if given.strip().lower() == _NOBODY:
        return []
    return [_network(each) for each in given.replace(",", " ").split()]


def spellings(given: Network) -> list[str]:
    """Write a network as sockets do: one for both families names IPv4 ::ffff:10.0.0.5 (RFC 4291, 2.5.5.2)."""
    if isinstance(given, IPv6Network):
        return [str(given)]
    return [str(given), f"::ffff:{given.network_address}/{_MAPPED_BITS + given.prefixlen}"]


def _network(given: str) -> Network:
    try:
        found = ip_network(given)
    except ValueError as error:
        words = f"{given} is no address and no network: write 10.0.0.5 or 172.16.0.0/12, or none"
        raise ValueError(words) from error
    if found.prefixlen == 0:
        raise ValueError(f"{given} would let anybody say to be anybody: name the proxy, or its network")
    return found
