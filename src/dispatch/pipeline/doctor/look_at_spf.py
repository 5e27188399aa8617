"""Whether SPF lets the channel's mails through, as far as that can be known from here."""

from collections.abc import Iterator
from ipaddress import ip_address

from dispatch.channels.dns.spf import MOST_LOOKUPS, Spf, Trouble, read_spf
from dispatch.model.editions.finding import Finding, Kind
from dispatch.model.text.cutting import cut
from dispatch.pipeline.doctor.case import MOST_SHOWN, Case
from dispatch.pipeline.doctor.look_at_sender import unanswered

NAMES = {
    Trouble.ODD: "spf_odd",
    Trouble.SEVERAL: "spf_several",
    Trouble.BROKEN: "spf_broken",
    Trouble.LOOKUPS: "spf_lookups",
    Trouble.VOIDS: "spf_voids",
}


def look_at_spf(case: Case) -> Iterator[Finding]:
    """The record of the domain to which mails come back, which is what receivers look up."""
    place = case.returns_to
    if not place:
        yield from _of_service(case)
        return
    spf = read_spf(place, case.lookups)
    if spf.trouble in {Trouble.NONE, Trouble.UNANSWERED} and not case.is_ours:
        yield from _missing_at_service(case, spf)
    elif spf.trouble is not None:
        yield _trouble(spf, case)
    else:
        yield from _judge(spf, case)


def _of_service(case: Case) -> Iterator[Finding]:
    """Mails come back to a domain that the service and the team chose: not ours to know."""
    include, provider = case.capabilities.spf_include, case.service
    if include:
        spf = read_spf(case.domain, case.lookups)
        values = {"domain": case.domain, "include": include, "provider": provider}
        if spf.trouble is Trouble.UNANSWERED:
            yield _silent(spf)
        elif spf.trouble not in {None, Trouble.NONE}:
            yield _trouble(spf, case)
        elif include not in spf.includes:
            yield Finding(Kind.LOOK, "spf_include", values)
        else:
            yield Finding(Kind.FINE, "spf_include_fine", values)
        return
    yield Finding(Kind.LOOK, "spf_service", {"domain": case.domain, "provider": provider})


def _missing_at_service(case: Case, spf: Spf) -> Iterator[Finding]:
    if spf.trouble is Trouble.UNANSWERED:
        yield _silent(spf)
    else:
        values = {"domain": spf.domain, "provider": case.plan.provider}
        yield Finding(Kind.LOOK, "spf_service_place", values)


def _silent(spf: Spf) -> Finding:
    name, _, problem = spf.detail.partition(": ")
    return unanswered(name, problem)


def _trouble(spf: Spf, case: Case) -> Finding:
    values: dict[str, object] = {
        "domain": spf.domain,
        "record": cut(spf.record, MOST_SHOWN),
        "detail": cut(spf.detail, MOST_SHOWN),
        "lookups": spf.lookups,
        "most": MOST_LOOKUPS,
        "suggested": f"v=spf1 {_suggested(case)} ~all",
    }
    if spf.trouble is Trouble.UNANSWERED:
        return _silent(spf)
    if spf.trouble is None or spf.trouble is Trouble.NONE:
        return Finding(Kind.STOP, "spf_missing", values)
    return Finding(Kind.STOP, NAMES[spf.trouble], values)


def _judge(spf: Spf, case: Case) -> Iterator[Finding]:
    values: dict[str, object] = {"domain": spf.domain, "lookups": spf.lookups, "most": MOST_LOOKUPS}
    rules = spf.rules
    if not rules.lets_somebody:
        yield Finding(Kind.STOP, "spf_nobody", {**values, "record": cut(spf.record, MOST_SHOWN)})
        return
    if rules.lets_anybody:
        yield Finding(Kind.LOOK, "spf_anybody", values)
        return
    if rules.sign_of_all in {"", "?"}:
        yield Finding(Kind.LOOK, "spf_open", values)
    if case.is_ours:
        yield _our_server(spf, case, values)
    else:
        yield Finding(Kind.FINE, "spf_fine", values)


def _our_server(spf: Spf, case: Case, values: dict[str, object]) -> Finding:
    values = {**values, "host": case.host}
    addresses = public_addresses(case)
    if not addresses:
        return Finding(Kind.LOOK, "spf_unknown", values)
    others = [one for one in addresses if not spf.lets(one)]
    if not others:
        return Finding(Kind.FINE, "spf_server_fine", values)
    name = "spf_depends" if any(spf.lets(one) is None for one in others) else "spf_elsewhere"
    return Finding(Kind.LOOK, name, {**values, "addresses": ", ".join(others)})


def public_addresses(case: Case) -> list[str]:
    """Where the mail server is that we hand over to; nothing for one of an own network."""
    try:
        ip_address(case.host)
    except ValueError:
        found = case.lookups.addresses(case.host).records if "." in case.host else ()
    else:
        found = (case.host,)
    return [one for one in found if ip_address(one).is_global]


def _suggested(case: Case) -> str:
    if case.capabilities.spf_include:
        return f"include:{case.capabilities.spf_include}"
    addresses = public_addresses(case)
    if addresses:
        return " ".join(f"ip{ip_address(one).version}:{one}" for one in addresses)
    return "a mx"
