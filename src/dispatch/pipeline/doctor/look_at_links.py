"""Whether readers and their mailbox providers reach us: the way out, and where links lead."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from dispatch.model.editions.finding import Finding, Kind
from dispatch.pipeline.doctor.case import Case
from dispatch.pipeline.doctor.look_at_sender import unanswered

LOCAL = (".local", ".localhost", ".internal", ".lan", ".home.arpa")


def look_at_links(case: Case) -> Iterator[Finding]:
    """The one-click way out of each letter (RFC 8058), and who counts what readers press."""
    parts = urlsplit(case.public_url)
    host = parts.hostname or ""
    values: dict[str, object] = {"url": case.public_url, "host": host}
    if not host:
        yield Finding(Kind.STOP, "address_none")
    elif (reached := _reached(case, host, values)) is not None:
        yield reached
    elif parts.scheme != "https":
        yield Finding(Kind.STOP, "one_click_clear", values)
    else:
        yield Finding(Kind.FINE, "one_click_fine", values)
    if case.capabilities.tracking == "account":
        yield Finding(Kind.LOOK, "tracking", {"provider": case.plan.provider})
    else:
        yield Finding(Kind.FINE, "tracking_fine")


def _reached(case: Case, host: str, values: dict[str, object]) -> Finding | None:
    """Why nobody reaches it; None where they may."""
    try:
        addresses: tuple[str, ...] = (str(ip_address(host)),)
    except ValueError:
        if host == "localhost" or "." not in host or host.endswith(LOCAL):
            return Finding(Kind.STOP, "address_private", values)
        answer = case.lookups.addresses(host)
        if answer.problem:
            return unanswered(host, answer.problem)
        addresses = answer.records
    if not addresses:
        return Finding(Kind.STOP, "address_gone", values)
    if not any(ip_address(one).is_global for one in addresses):
        return Finding(Kind.STOP, "address_private", values)
    return None
