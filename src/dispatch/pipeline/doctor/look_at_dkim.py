"""Whether signatures can be checked: the key that the DNS has is the one that signs."""

from collections.abc import Iterator

from dispatch.channels.dns.dkim_key import KeyTrouble, PublishedKey, is_doubled, read_published
from dispatch.channels.dns.names import ascii_name
from dispatch.model.editions.finding import Finding, Kind
from dispatch.model.text.cutting import cut
from dispatch.pipeline.doctor.case import MOST_SHOWN, Case
from dispatch.pipeline.doctor.look_at_sender import unanswered

LESS = frozenset({KeyTrouble.WEAK, KeyTrouble.TEST})
"""What keeps no mail back."""

UNREAD = "v=DKIM1; k=…; p=…"
"""In the place of the record, where our own key cannot be read."""


def look_at_dkim(case: Case) -> Iterator[Finding]:
    """Our own key where we sign, otherwise what the service publishes."""
    if case.plan.dkim is not None:
        yield from _ours(case)
    elif case.is_ours:
        yield Finding(Kind.LOOK, "dkim_server", {"domain": case.domain, "host": case.host})
    else:
        yield from _of_service(case)


def signed_for(case: Case) -> str:
    """The domain for which we sign, where a receiver can check that; empty otherwise."""
    if case.plan.dkim is None:
        return ""
    trouble = _published(case).trouble
    return ascii_name(case.plan.dkim.domain) if trouble is None or trouble in LESS else ""


def _ours(case: Case) -> Iterator[Finding]:
    key = _published(case)
    signer = case.channel.signer if case.channel else None
    values: dict[str, object] = {
        "name": key.name,
        "detail": cut(key.detail, MOST_SHOWN),
        "bits": key.bits,
        "record": str(signer.record.value) if signer else UNREAD,
        "alias": key.alias,
    }
    if key.trouble is KeyTrouble.UNANSWERED:
        yield unanswered(key.name, key.detail)
    elif key.trouble is None:
        yield _good(case, values)
    elif key.trouble is KeyTrouble.MISSING and key.alias:
        yield Finding(Kind.STOP, "dkim_alias", values)
    elif key.trouble is KeyTrouble.MISSING and _is_doubled(case, key.name):
        yield Finding(Kind.STOP, "dkim_doubled", {**values, **_short_name(case, key.name)})
    else:
        kind = Kind.LOOK if key.trouble in LESS else Kind.STOP
        yield Finding(kind, f"dkim_{key.trouble.value}", values)


def _good(case: Case, values: dict[str, object]) -> Finding:
    signer = case.channel.signer if case.channel else None
    if signer is None:
        return Finding(Kind.LOOK, "dkim_unread", values)
    if signer.key.kind == "ed25519":
        return Finding(Kind.LOOK, "dkim_ed25519", values)
    return Finding(Kind.FINE, "dkim_fine", values)


def _is_doubled(case: Case, name: str) -> bool:
    try:
        domain = ascii_name(case.plan.dkim.domain) if case.plan.dkim else ""
    except ValueError:
        return False
    return is_doubled(name, domain, case.lookups)


def _short_name(case: Case, name: str) -> dict[str, object]:
    """What to write into a form that adds the domain by itself, and what stands there now."""
    domain = ascii_name(case.plan.dkim.domain) if case.plan.dkim else ""
    return {"short": name.removesuffix(f".{domain}"), "found": f"{name}.{domain}"}


def _published(case: Case) -> PublishedKey:
    plan = case.plan.dkim
    if plan is None:
        return PublishedKey("", KeyTrouble.MISSING)
    signer = case.channel.signer if case.channel else None
    try:
        name = f"{plan.selector.lower()}._domainkey.{ascii_name(plan.domain)}"
    except ValueError:
        return PublishedKey(f"{plan.selector}._domainkey.{plan.domain}", KeyTrouble.MISSING)
    return read_published(name, case.lookups, public=signer.key.public if signer else "")


def _of_service(case: Case) -> Iterator[Finding]:
    """The keys at the names that the service always uses; which others it uses is its own."""
    provider = case.plan.provider
    names = [f"{one}._domainkey.{case.domain}" for one in case.capabilities.dkim_selectors]
    keys = [read_published(name, case.lookups) for name in names]
    good = [one for one in keys if one.trouble is None or one.trouble in LESS]
    values: dict[str, object] = {"domain": case.domain, "provider": provider}
    if good:
        best = max(good, key=lambda one: one.bits)
        kind, name = (
            (Kind.FINE, "dkim_service_fine")
            if best.trouble is None
            else (Kind.LOOK, f"dkim_{best.trouble.value}")
        )
        yield Finding(kind, name, {**values, "name": best.name, "bits": best.bits})
        return
    silent = [one for one in keys if one.trouble is KeyTrouble.UNANSWERED]
    if silent and len(silent) == len(keys):
        yield unanswered(silent[0].name, silent[0].detail)
    elif wrong := [one for one in keys if one.trouble not in {KeyTrouble.MISSING, *LESS}]:
        yield Finding(
            Kind.LOOK,
            "dkim_service_wrong",
            {
                **values,
                "name": wrong[0].name,
                "trouble": cut(wrong[0].detail, MOST_SHOWN) or str(wrong[0].trouble),
            },
        )
    else:
        where = {**values, "names": ", ".join(names)}
        yield Finding(Kind.LOOK, "dkim_service_none" if names else "dkim_service", where)
