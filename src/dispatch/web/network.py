"""Where somebody is: the network that a request came from, behind web servers in front of us.

What a server in front says is believed if `DISPATCH_PROXIES` names it, and nobody else: whoever
asks can write into these headers what they like. So they are read from the right, and the first
address that is no server of ours is where the request came from.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from starlette.requests import Request

if TYPE_CHECKING:
    from dispatch.config.process.settings import Network

Address = IPv4Address | IPv6Address

MOST_HOPS = 20
REMEMBERED = 1_000
"""Addresses that need not be read again: programs call from the same one over and over."""
_FOR = re.compile(r'(?:^|;)\s*for\s*=\s*("[^"]*"|[^;,\s]+)', re.IGNORECASE)
_PORT = re.compile(r"^(\[[^\]]*\]|[^:]*):[\w.-]+$")


def address_of(request: Request, proxies: Sequence["Network"]) -> Address | None:
    """The address that asks; None where it comes by no network, as over a socket file.

    Where a server in front tells it in both headers and they differ, neither is believed: one of
    them has come from the client.
    """
    peer = _read(request.client.host) if request.client else None
    if peer is None or not _is_within(peer, proxies):
        return peer
    told = {
        _outermost(peer, hops, proxies)
        for hops in (list(_forwarded(request)), list(_x_forwarded(request)))
        if hops
    }
    return told.pop() if len(told) == 1 else peer


@lru_cache(maxsize=REMEMBERED)
def network_of(address: Address | None) -> str:
    """The part of it that one household or company has: what limits count.

    Of IPv4 the address itself, as thousands of strangers are in a larger network; of IPv6 the
    first 64 bits, as a single machine has all addresses below them (RFC 6177).

    >>> network_of(ip_address("2001:db8:1:2:3:4:5:6")), network_of(ip_address("192.0.2.7"))
    ('2001:db8:1:2::/64', '192.0.2.7')
    """
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address or "")


@lru_cache(maxsize=REMEMBERED)
def shortened(address: Address | None) -> str:
    """What may go on record of it: too little to find somebody by.

    >>> shortened(ip_address("192.0.2.7")), shortened(ip_address("2001:db8:1:2::5"))
    ('192.0.2.0/24', '2001:db8:1::/48')
    """
    if address is None:
        return ""
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))


def _outermost(peer: Address, hops: Sequence[str], proxies: Sequence["Network"]) -> Address:
    """The first from the right that is no server of ours; what is no address ends the way."""
    last = peer
    for hop in reversed(hops[-MOST_HOPS:]):
        address = _read(hop)
        if address is None:
            return last
        if not _is_within(address, proxies):
            return address
        last = address
    return last


def _x_forwarded(request: Request) -> Iterator[str]:
    for line in request.headers.getlist("x-forwarded-for"):
        yield from (hop.strip() for hop in line.split(","))


def _forwarded(request: Request) -> Iterator[str]:
    """The `for` of each hop (RFC 7239); empty where a hop does not say it."""
    for line in request.headers.getlist("forwarded"):
        for hop in line.split(","):
            found = _FOR.search(hop)
            yield found[1].strip('"') if found else ""


@lru_cache(maxsize=REMEMBERED)
def _read(text: str) -> Address | None:
    """An address, perhaps with a port or in brackets; None for any other word."""
    found = _PORT.match(text) if text.count(":") == 1 or text.startswith("[") else None
    try:
        address = ip_address((found[1] if found else text).strip("[]"))
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_within(address: Address, networks: Iterable["Network"]) -> bool:
    return any(address in one for one in networks if one.version == address.version)
