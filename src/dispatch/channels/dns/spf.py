"""SPF: which servers may send for a domain (RFC 7208, https://www.rfc-editor.org/rfc/rfc7208)."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from dispatch.channels.dns.lookups import Answer, Lookups
from dispatch.channels.dns.names import ascii_name

MOST_LOOKUPS = 10
"""Terms that ask the DNS, those of all includes together (RFC 7208, 4.6.4)."""

MOST_VOIDS = 2
"""Of them, how many may lead to nothing (the same)."""

MOST_HOSTS = 10
"""Names that one mx may have (the same)."""

STRANGERS = ("192.0.2.1", "198.51.100.1", "203.0.113.1")
"""Addresses that nobody has (RFC 5737): a record that lets all of them through lets anybody."""

NO_FURTHER = 40
"""So many are counted; nobody needs to know how far beyond the limit a record is."""

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

SPACES = re.compile(r" +")
"""What stands between terms; a space that does not break, as pages have it, is none of them."""

TERM = re.compile(r"([+?~-]?)([A-Za-z][A-Za-z0-9]*)((?::|/).*)?", re.DOTALL)
MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*)=(.*)", re.DOTALL)
NETWORK = re.compile(r":[0-9A-Fa-f:.]+(?:/\d{1,3})?")
LENGTHS = re.compile(r"(?P<name>[^/]*)(?:/(?P<four>\d{1,3}))?(?://(?P<six>\d{1,3}))?")
MACRO = re.compile(r"%(?:\{[SLODIPHCRTVslodiphcrtv]\d*[rR]?[-.+,/_=]*\}|%|_|-)")
ASKS = frozenset({"include", "a", "mx", "ptr", "exists"})
MECHANISMS = ASKS | {"all", "ip4", "ip6"}


class Trouble(StrEnum):
    """Why a record is worth nothing, or cannot be judged."""

    NONE = "none"  # there is none
    ODD = "odd"  # one that nobody takes for one, as it does not begin like one
    SEVERAL = "several"
    BROKEN = "broken"
    LOOKUPS = "lookups"
    VOIDS = "voids"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Rule:
    """One term that may match: by networks, or by what another record says."""

    sign: str
    networks: tuple[Network, ...] = ()
    inner: "Rules | None" = None
    everybody: bool = False


@dataclass(slots=True)
class Rules:
    """A record that was read: its terms in order, and the one that stands in when none matches."""

    rules: list[Rule] = field(default_factory=list)
    redirect: "Rules | None" = None
    unsure: bool = False  # a term depends on the mail, such as exists and ptr

    @property
    def sign_of_all(self) -> str:
        """What it says of everybody else: + - ~ ? or nothing."""
        for rule in self.rules:
            if rule.everybody:
                return rule.sign
        return self.redirect.sign_of_all if self.redirect else ""

    @property
    def lets_somebody(self) -> bool:
        """Whether any server can pass."""
        if self.unsure:
            return True
        for rule in self.rules:
            if rule.sign == "+" and (rule.networks or rule.everybody):
                return True
            if rule.sign == "+" and rule.inner and rule.inner.lets_somebody:
                return True
            if rule.everybody:  # what stands behind it is never read
                return False
        return self.redirect is not None and self.redirect.lets_somebody

    @property
    def lets_anybody(self) -> bool:
        """Whether a server passes that nobody has a reason to name."""
        return all(self.says_of(ip_address(one)) == "+" for one in STRANGERS)

    def says_of(self, address: Address) -> str:
        """The sign for a server; nothing where it says nothing."""
        for rule in self.rules:
            if (
                rule.everybody
                or any(address in one for one in rule.networks if one.version == address.version)
                or (rule.inner is not None and rule.inner.says_of(address) == "+")
            ):
                return rule.sign
        return self.redirect.says_of(address) if self.redirect else ""


@dataclass(frozen=True, slots=True)
class Spf:
    """What the record of a domain comes to. `detail` goes with the trouble."""

    domain: str
    record: str = ""
    trouble: Trouble | None = None
    detail: str = ""
    lookups: int = 0
    includes: frozenset[str] = frozenset()
    rules: Rules = field(default_factory=Rules)

    def lets(self, address: str) -> bool | None:
        """Whether mail from this server passes; None where that depends on the mail."""
        if self.rules.says_of(ip_address(address)) == "+":
            return True
        return None if self.rules.unsure else False


class _TroubleError(Exception):
    def __init__(self, trouble: Trouble, detail: str) -> None:
        self.trouble, self.detail = trouble, detail
        super().__init__(detail)


def read_spf(domain: str, lookups: Lookups) -> Spf:
    """Read the record of a domain with all that it includes, as a receiver would.

    A receiver stops at the first term that matches. Here all are counted, as those do that match
    none.
    """
    reader = _Reader(lookups)
    record = ""
    try:
        record = reader.record_of(domain)
        rules = reader.read(domain, record)
        reader.check_limits()
    except _TroubleError as found:
        if reader.asked > MOST_LOOKUPS:  # a receiver gave up before it came there
            return Spf(domain, record, Trouble.LOOKUPS, "", reader.asked, reader.included)
        return Spf(domain, record, found.trouble, found.detail, reader.asked, reader.included)
    return Spf(domain, record, None, "", reader.asked, reader.included, rules)


class _Reader:
    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups
        self.asked = 0
        self.voids: list[str] = []
        self._included: set[str] = set()
        self._within: list[str] = []

    @property
    def included(self) -> frozenset[str]:
        return frozenset(self._included)

    def check_limits(self) -> None:
        """Raise where more was asked, or asked in vain, than receivers do."""
        if self.asked > MOST_LOOKUPS:
            raise _TroubleError(Trouble.LOOKUPS, "")
        if len(self.voids) > MOST_VOIDS:
            raise _TroubleError(Trouble.VOIDS, ", ".join(self.voids[:4]))

    def record_of(self, domain: str) -> str:
        """The one record of a domain, which nothing else includes."""
        answer = self._answer(self._lookups.ask(domain, "TXT"), domain)
        found = [one for one in answer.records if _is_spf(one)]
        if len(found) > 1:
            raise _TroubleError(Trouble.SEVERAL, str(len(found)))
        if found:
            return found[0]
        odd = [one for one in answer.records if "v=spf1" in one.lower().replace(" ", "")]
        if odd:
            raise _TroubleError(Trouble.ODD, odd[0])
        raise _TroubleError(Trouble.NONE, "")

    def read(self, domain: str, record: str) -> Rules:
        """Its rules; raises where a receiver would give up."""
        if domain in self._within:
            raise _broken(f"{domain} leads back to itself by include or redirect")
        self._within.append(domain)
        rules = Rules()
        redirect = ""
        seen: set[str] = set()
        for term in SPACES.split(record.strip(" "))[1:]:
            if not term.isascii():
                raise _broken(f"{term!r} has a character beyond ASCII: type it anew")
            if modifier := MODIFIER.fullmatch(term):
                name, target = modifier[1].lower(), modifier[2]
                _check_modifier(name, target, seen, term)
                redirect = target if name == "redirect" else redirect
                continue
            rules.rules.extend(self._rule(domain, term, rules))
        if redirect and not any(one.everybody for one in rules.rules):
            rules.redirect = self._inner(redirect, f"redirect={redirect}", rules)
        self._within.pop()
        return rules

    def _rule(self, domain: str, term: str, rules: Rules) -> list[Rule]:
        found = TERM.fullmatch(term)
        name = found[2].lower() if found else ""
        if found is None or name not in MECHANISMS:
            raise _broken(f"'{term}' is nothing that SPF knows")
        sign, rest = found[1] or "+", found[3] or ""
        if name == "all":
            if rest:
                raise _broken(f"'{term}': all stands alone")
            return [Rule(sign, everybody=True)]
        if name in {"ip4", "ip6"}:
            return [Rule(sign, (_network(name, rest, term),))]
        return self._asking(domain, found, rules)

    def _asking(self, domain: str, found: re.Match[str], rules: Rules) -> list[Rule]:
        term, sign, name, rest = found[0], found[1] or "+", found[2].lower(), found[3] or ""
        if name == "include":
            inner = self._inner(_target(rest, term), term, rules)
            return [Rule(sign, inner=inner)] if inner else []
        target, four, six = _with_lengths(rest, domain, term)
        if name == "exists":
            _target(rest, term)
        self._count()
        if name in {"ptr", "exists"} or "%" in target:
            rules.unsure = True
            return []
        hosts = [target] if name == "a" else self._hosts(target)
        networks = []
        for host in hosts:
            answer = self._answer(self._lookups.addresses(host), host)
            if not answer.records and name == "a":
                self._void(host)
            networks += [
                ip_network(f"{one}/{six if ':' in one else four}", strict=False)
                for one in answer.records
            ]
        return [Rule(sign, tuple(networks))]

    def _hosts(self, target: str) -> list[str]:
        answer = self._answer(self._lookups.ask(target, "MX"), target)
        if not answer.records:
            self._void(target)
        if len(answer.records) > MOST_HOSTS:
            raise _broken(f"mx of {target} has {len(answer.records)} names, ten may be asked for")
        return [one for one in answer.records if one]

    def _inner(self, target: str, term: str, rules: Rules) -> Rules | None:
        self._count()
        if "%" in target:
            rules.unsure = True
            return None
        name = _name(target, term)
        self._included.add(name)
        try:
            record = self.record_of(name)
        except _TroubleError as found:
            if found.trouble in {Trouble.NONE, Trouble.ODD}:
                raise _broken(f"'{term}' leads to a name without an SPF record") from found
            if found.trouble is Trouble.SEVERAL:
                raise _broken(f"'{term}' leads to a name with several SPF records") from found
            raise
        inner = self.read(name, record)
        rules.unsure = rules.unsure or inner.unsure
        return inner

    def _count(self) -> None:
        self.asked += 1
        if self.asked >= NO_FURTHER:
            raise _TroubleError(Trouble.LOOKUPS, "")

    def _void(self, name: str) -> None:
        self.voids.append(name)

    def _answer(self, answer: Answer, name: str) -> Answer:
        if answer.problem:
            raise _TroubleError(Trouble.UNANSWERED, f"{name}: {answer.problem}")
        return answer


def _is_spf(record: str) -> bool:
    return record.lower() == "v=spf1" or record.lower().startswith("v=spf1 ")


def _broken(detail: str) -> _TroubleError:
    return _TroubleError(Trouble.BROKEN, detail)


def _check_modifier(name: str, target: str, seen: set[str], term: str) -> None:
    if name in MECHANISMS:
        raise _broken(f"'{term}' is written with a colon: {name}:{target}")
    if name not in {"redirect", "exp"}:
        return
    if name in seen:
        raise _broken(f"{name}= stands there twice")
    seen.add(name)
    _name(target, term)


def _target(rest: str, term: str) -> str:
    if not rest.startswith(":") or len(rest) == 1:
        raise _broken(f"'{term}' names no domain")
    return rest[1:]


def _with_lengths(rest: str, domain: str, term: str) -> tuple[str, int, int]:
    found = LENGTHS.fullmatch(rest.removeprefix(":"))
    if rest == ":" or (found is None and "%" not in rest):
        raise _broken(f"'{term}' cannot be read")
    if found is None:
        return rest, 32, 128
    four, six = int(found["four"] or 32), int(found["six"] or 128)
    if four > 32 or six > 128:
        raise _broken(f"'{term}' has a length that no address has")
    target = found["name"]
    return (_name(target, term) if target else domain), four, six


def _name(target: str, term: str) -> str:
    if "%" in target:
        if "%" in MACRO.sub("", target):
            raise _broken(f"'{term}' has a % that stands for nothing")
        return target
    try:
        name = ascii_name(target)
    except ValueError:
        raise _broken(f"'{term}' names no domain") from None
    if "." not in name:
        raise _broken(f"'{term}' names no domain")
    if _is_address(name):
        raise _broken(f"'{term}' names no domain: an address is written ip4:{name}")
    return name


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _network(name: str, rest: str, term: str) -> Network:
    try:
        found = ip_network(rest.removeprefix(":"), strict=False)
    except ValueError:
        found = None
    if not NETWORK.fullmatch(rest) or found is None or found.version != int(name[2]):
        raise _broken(f"'{term}' is no IPv{name[2]} address or network")
    return found
