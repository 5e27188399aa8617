"""Whether the address in From is one from which a newsletter can be sent."""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from dispatch.channels.dns.lookups import NO_INTERNET
from dispatch.channels.dns.names import is_below, is_reserved
from dispatch.model.editions.finding import Finding, Kind
from dispatch.pipeline.doctor.case import Case

FREE = frozenset(
    """
    gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.ca
    yahoo.co.in yahoo.com.br yahoo.co.jp ymail.com rocketmail.com aol.com outlook.com outlook.fr
    outlook.de hotmail.com hotmail.co.uk hotmail.fr hotmail.de hotmail.it hotmail.es live.com
    live.fr live.co.uk msn.com icloud.com me.com mac.com gmx.com gmx.net gmx.de gmx.at gmx.ch web.de
    t-online.de freenet.de orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr libero.it
    virgilio.it proton.me protonmail.com pm.me tutanota.com tuta.io fastmail.com zoho.com mail.com
    mail.ru yandex.ru yandex.com qq.com 163.com 126.com naver.com hanmail.net bluewin.ch
    telenet.be skynet.be ziggo.nl kpnmail.nl comcast.net verizon.net att.net btinternet.com
    """.split()  # noqa: SIM905 - one below the other they would fill two screens
)
"""Where anybody can have a mailbox: who runs them says which servers may write from there."""

FREE_EVERYWHERE = re.compile(
    r"(?:aol|gmx|hotmail|live|msn|outlook|yahoo|ymail)\.(?:com|net|(?:com?\.)?[a-z]{2})"
)
"""Those with a domain in each country; for few of the others does it hold, and none matters."""

ROOT = "."


def look_at_sender(case: Case) -> Iterator[Finding]:
    """Whose domain it is, whether there is such a domain, and whether it takes mail."""
    if not case.domain:
        yield Finding(Kind.STOP, "sender_none", {"sender": case.sender})
        return
    values: dict[str, object] = {"domain": case.domain, "sender": case.sender}
    if is_reserved(case.domain):
        yield Finding(Kind.STOP, "sender_example", values)
        return
    if _is_free(case.domain):
        own_server = case.host and any(is_below(case.host, one) for one in _servers(case.domain))
        kind = Kind.LOOK if own_server else Kind.STOP
        yield Finding(kind, "sender_free", values)
        return
    yield from _mail(case, case.domain, values)
    if case.mailbox and case.returns_to != case.domain:
        yield from _mail(case, case.returns_to, {**values, "domain": case.returns_to})


def exists(case: Case) -> bool:
    """Whether it is worth while to ask more about the domain."""
    if not case.domain or is_reserved(case.domain) or _is_free(case.domain):
        return False
    return not _is_gone(case)


def _mail(case: Case, domain: str, values: dict[str, object]) -> Iterator[Finding]:
    # Receivers ask whether the domain of the envelope takes mail; for that in From they seldom do.
    refused = Kind.STOP if domain == case.returns_to else Kind.LOOK
    answer = case.lookups.ask(domain, "MX")
    if answer.problem:
        yield unanswered(f"MX {domain}", answer.problem)
    elif not answer.exists:
        yield gone(case, domain, Finding(Kind.STOP, "domain_gone", values))
    elif "" in answer.records or "." in answer.records:
        yield Finding(refused, "mail_refused", values)
    elif answer.records:
        yield from _hosts(case, answer.records, values)
    else:
        host = case.lookups.addresses(domain)
        if host.problem:
            yield unanswered(domain, host.problem)
        else:
            kind, name = (Kind.LOOK, "mail_implied") if host.records else (refused, "mail_none")
            yield Finding(kind, name, values)


def _hosts(case: Case, hosts: tuple[str, ...], values: dict[str, object]) -> Iterator[Finding]:
    if numbers := [one for one in hosts if _is_number(one)]:
        yield Finding(Kind.LOOK, "mail_number", {**values, "host": numbers[0]})
        return
    some = [case.lookups.addresses(one) for one in hosts]
    if any(ip_address(address).is_global for one in some for address in one.records):
        yield Finding(Kind.FINE, "mail_fine", values)
    elif any(one.problem for one in some):
        yield unanswered(hosts[0], next(one.problem for one in some if one.problem))
    else:
        yield Finding(Kind.LOOK, "mail_odd", {**values, "host": hosts[0]})


def _is_free(domain: str) -> bool:
    return domain in FREE or FREE_EVERYWHERE.fullmatch(domain) is not None


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def unanswered(name: str, problem: str) -> Finding:
    """What is said of all that the DNS did not answer: it is neither fine nor wrong."""
    if problem == NO_INTERNET:
        return Finding(Kind.LOOK, "no_internet")
    return Finding(Kind.LOOK, "unanswered", {"name": name, "problem": problem})


def _is_gone(case: Case) -> bool:
    answer = case.lookups.ask(case.domain, "MX")
    return not answer.problem and not answer.exists


def gone(case: Case, name: str, finding: Finding) -> Finding:
    """What is said of a name that is not there, if its server also answers of the root."""
    root = case.lookups.ask(ROOT, "NS")
    return unanswered(name, root.problem) if root.problem else finding


def _servers(domain: str) -> tuple[str, ...]:
    return (domain, "google.com") if domain.endswith("mail.com") else (domain,)
