"""Which numeric addresses are on the public Internet, and which others a feed may come from."""

from collections.abc import Collection
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Our own tables, because those of `ipaddress` differ between the releases of Python.
# Source: https://www.iana.org/assignments/iana-ipv4-special-registry
_NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this machine
        "10.0.0.0/8",
        "100.64.0.0/10",  # between a provider and its customers; Alibaba's metadata
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and the metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays from IPv6, given up
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
# Of IPv6 only this has been given out: loopback, link-local, unique local, multicast are outside.
# Source: https://www.iana.org/assignments/ipv6-unicast-address-assignments
_GIVEN_OUT_6 = IPv6Network("2000::/3")
# Source: https://www.iana.org/assignments/iana-ipv6-special-registry
_NOT_PUBLIC_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocols; Teredo (2001::/32), which hides an IPv4 address, is in it
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")

# Whoever reads these can act as our machine, so that no allow-list opens them.
_METADATA = tuple(
    ip_network(network)
    for network in (
        "169.254.169.254/32",
        "169.254.170.2/32",  # AWS, containers
        "169.254.170.23/32",  # AWS, pods
        "100.100.100.200/32",  # Alibaba
        "168.63.129.16/32",  # Azure; by its number a public one
        "192.0.0.192/32",  # Oracle
        "fd00:ec2::254/128",  # AWS
        "fd00:ec2::23/128",  # AWS, pods
        "fd20:ce::254/128",  # Google
        "fe80::a9fe:a9fe/128",  # OpenStack
    )
)


def meant(address: str) -> Address:
    """The address at which a connection ends: IPv4 where it only travels inside IPv6.

    >>> meant("64:ff9b::10.0.0.1")
    IPv4Address('10.0.0.1')
    """
    found = ip_address(address.partition("%")[0])  # a zone says by which cable, not where to
    if isinstance(found, IPv4Address):
        return found
    if found in _NAT64:
        return IPv4Address(found.packed[-4:])
    return found.ipv4_mapped or found.sixtofour or found


def may_connect(address: Address, allowed: Collection[Network]) -> bool:
    """Whether a feed may come from there: the public Internet, and the networks in `allowed`.

    >>> intranet = meant("10.1.2.3")
    >>> may_connect(intranet, ()), may_connect(intranet, [ip_network("10.1.0.0/16")])
    (False, True)
    """
    if never_allowed(address):
        return False
    return _is_public(address) or any(address in network for network in allowed)


def never_allowed(address: Address) -> bool:
    """Whether a cloud tells the secrets of its machines there."""
    return any(address in network for network in _METADATA)


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    return address in _GIVEN_OUT_6 and not any(address in network for network in _NOT_PUBLIC_6)
