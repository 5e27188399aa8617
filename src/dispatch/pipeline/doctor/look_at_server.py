"""The mail server that we hand over to: its name by its address, and whether it is encrypted."""

from collections.abc import Iterator

from dispatch.model.editions.finding import Finding, Kind
from dispatch.pipeline.doctor.case import Case
from dispatch.pipeline.doctor.look_at_sender import unanswered
from dispatch.pipeline.doctor.look_at_spf import public_addresses


def look_at_server(case: Case) -> Iterator[Finding]:
    """Receivers want a server whose address has a name, which leads back to that address."""
    if not case.is_ours:
        return
    for address in public_addresses(case)[:2]:
        yield _reverse(case, address)
    if case.plan.options.get("security") == "none" and public_addresses(case):
        yield Finding(Kind.LOOK, "clear", {"host": case.host})


def _reverse(case: Case, address: str) -> Finding:
    values: dict[str, object] = {"host": case.host, "address": address}
    answer = case.lookups.hosts(address)
    if answer.problem:
        return unanswered(address, answer.problem)
    for name in answer.records:
        forward = case.lookups.addresses(name)
        if forward.problem:
            return unanswered(name, forward.problem)
        if address in forward.records:
            return Finding(Kind.FINE, "reverse_fine", {**values, "name": name})
    return Finding(Kind.LOOK, "reverse", values)
