"""Whether readers and their mailbox providers reach us: the way out, and where links lead."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from dispatch.channels.dns.names import is_reserved
from dispatch.model.editions.finding import Finding, Kind
from dispatch.pipeline.doctor.case import Case
from dispatch.pipeline.doctor.look_at_sender import gone, unanswered

OURS = frozenset({"address_private", "address_example"})
"""Addresses that will be others anyway, so that nothing more need be said of them."""

LOCAL = (".local", ".localhost", ".internal", ".lan", ".home.arpa")


def look_at_links(case: Case) -> Iterator[Finding]:
    """The one-click way out of each letter (RFC 8058), and who counts what readers press."""
    parts = urlsplit(case.public_url)
    host = parts.hostname or ""
    values: dict[str, object] = {"url": case.public_url, "host": host}
    if not host:
        yield Finding(Kind.STOP, "address_none")
    else:
        yield from _way_out(case, parts.scheme, values)
    if case.capabilities.tracking == "account":
        yield Finding(Kind.LOOK, "tracking", {"provider": case.plan.provider})
    else:
        yield Finding(Kind.FINE, "tracking_fine")


def _way_out(case: Case, scheme: str, values: dict[str, object]) -> Iterator[Finding]:
    reached = _reached(case, str(values["host"]), values)
    if reached is not None:
        yield reached
    if scheme != "https" and (reached is None or reached.name not in OURS):
        yield Finding(Kind.STOP, "one_click_clear", values)
    elif reached is None:
        yield Finding(Kind.FINE, "one_click_fine", values)


def _reached(case: Case, host: str, values: dict[str, object]) -> Finding | None:
    """Why nobody reaches it; None where they may."""
    try:
        addresses: tuple[str, ...] = (str(ip_address(host)),)
    except ValueError:
        if host == "localhost" or "." not in host or host.endswith(LOCAL):
            return Finding(Kind.STOP, "address_private", values)
        if is_reserved(host):
            return Finding(Kind.STOP, "address_example", values)
        answer = case.lookups.addresses(host)
        if answer.problem:
            return unanswered(host, answer.problem)
        addresses = answer.records
    if not addresses:
        return gone(case, host, Finding(Kind.STOP, "address_gone", values))
    if not any(ip_address(one).is_global for one in addresses):
        return Finding(Kind.STOP, "address_private", values)
    return None
