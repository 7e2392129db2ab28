"""From which network somebody comes: addresses that one script can choose from count as one. Pure."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_IPV4_BITS, _IPV6_BITS = 24, 64


def network_of(address: str, ipv6_bits: int = _IPV6_BITS) -> str:
    """Give the network of an address, such as "192.0.2.0/24" or "2001:db8:0:1::/64"; else what was given."""
    try:
        found = _unwrapped(ip_address(address.partition("%")[0]))
    except ValueError:
        return address
    bits = _IPV4_BITS if isinstance(found, IPv4Address) else ipv6_bits
    return str(ip_network((found, bits), strict=False))


def _unwrapped(found: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Read ::ffff:192.0.2.1 as the IPv4 address that it is."""
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
