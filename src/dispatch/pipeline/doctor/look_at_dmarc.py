"""Whether DMARC is there, and whether what is signed and bounced agrees with the sender."""

from collections.abc import Iterator

from dispatch.channels.dns.dmarc import Dmarc, DmarcTrouble, organisation_of, read_dmarc
from dispatch.channels.dns.names import ascii_name, is_below
from dispatch.channels.dns.spf import read_spf
from dispatch.model.editions.finding import Finding, Kind
from dispatch.pipeline.doctor.case import Case
from dispatch.pipeline.doctor.look_at_dkim import signed_for
from dispatch.pipeline.doctor.look_at_sender import unanswered

SUGGESTED = "v=DMARC1; p=none"
"""The least that Gmail and Yahoo ask for."""


def look_at_dmarc(case: Case) -> Iterator[Finding]:
    """The record, and the alignment that it asks for."""
    dmarc = read_dmarc(case.domain, case.lookups)
    yield _record(dmarc)
    if dmarc.trouble is not DmarcTrouble.UNANSWERED:
        yield from _alignment(dmarc, case)


def _record(dmarc: Dmarc) -> Finding:
    values: dict[str, object] = {
        "domain": dmarc.domain,
        "place": dmarc.place or dmarc.domain,
        "policy": dmarc.policy,
        "record": dmarc.record,
        "detail": dmarc.detail,
        "suggested": SUGGESTED,
    }
    if dmarc.trouble is DmarcTrouble.UNANSWERED:
        return unanswered(f"_dmarc.{dmarc.place}", dmarc.detail)
    if dmarc.trouble is not None:
        return Finding(Kind.STOP, f"dmarc_{dmarc.trouble.value}", values)
    if dmarc.policy == "none":
        return Finding(Kind.LOOK, "dmarc_open", values)
    return Finding(Kind.FINE, "dmarc_fine", values)


def _alignment(dmarc: Dmarc, case: Case) -> Iterator[Finding]:
    """One of the two has to agree; a signature alone survives forwarding."""
    values: dict[str, object] = {"domain": dmarc.domain, "policy": dmarc.policy}
    signed = signed_for(case)
    if signed and _agrees(signed, dmarc, "adkim", case):
        yield Finding(Kind.FINE, "aligned", {**values, "signed": signed})
    elif _spf_agrees(dmarc, case):
        yield _by_spf_alone(case, values)
    elif case.plan.dkim is not None:
        yield from _unaligned(dmarc, case, values, signed)
    elif not case.is_ours and dmarc.policy != "none":
        yield Finding(Kind.LOOK, "aligned_service", {**values, "provider": case.plan.provider})
    elif case.is_ours:
        yield Finding(Kind.LOOK, "aligned_unknown", values)


def _by_spf_alone(case: Case, values: dict[str, object]) -> Finding:
    plan = case.plan.dkim
    if plan is not None and signed_for(case):
        return Finding(Kind.LOOK, "aligned_not_signed", {**values, "signed": plan.domain})
    return Finding(Kind.FINE, "aligned_spf", {**values, "place": case.returns_to})


def _unaligned(
    dmarc: Dmarc, case: Case, values: dict[str, object], signed: str
) -> Iterator[Finding]:
    if not signed:  # what is wrong with the key is said of the key
        return
    strict = dmarc.is_strict("adkim")
    if not strict and (is_below(signed, dmarc.domain) or is_below(dmarc.domain, signed)):
        yield Finding(Kind.LOOK, "aligned_between", {**values, "signed": signed})
        return
    name = "aligned_strict" if strict and _related(signed, dmarc, case) else "aligned_no"
    yield Finding(Kind.STOP, name, {**values, "signed": signed})


def _agrees(name: str, dmarc: Dmarc, tag: str, case: Case) -> bool:
    if name == dmarc.domain:
        return True
    return not dmarc.is_strict(tag) and _related(name, dmarc, case)


def _related(name: str, dmarc: Dmarc, case: Case) -> bool:
    return organisation_of(ascii_name(name), case.lookups) == dmarc.organisation


def _spf_agrees(dmarc: Dmarc, case: Case) -> bool:
    place = case.returns_to
    if not place or not _agrees(place, dmarc, "aspf", case):
        return False
    spf = read_spf(place, case.lookups)
    return spf.trouble is None and spf.rules.lets_somebody
