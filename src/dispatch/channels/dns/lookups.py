"""Asking the DNS: what it says, that it says nothing, or that it did not answer."""

from dataclasses import dataclass
from typing import Protocol

import dns.exception
import dns.name
import dns.resolver
import dns.reversename

from dispatch.clock import Timer, system_timer
from dispatch.model.delivery.name_server import split_server
from dispatch.model.text.plain_text import printable

EACH = 4.0
"""Seconds for one answer, however many servers are asked."""

ALL = 20.0
"""Seconds of waiting for all answers of a check-up: what is not known by then was not looked up."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the DNS says. `problem` tells why it is not known; then nothing else holds.

    `exists` is whether there is such a name at all. `alias` is the name that it stands for.
    """

    records: tuple[str, ...] = ()
    exists: bool = True
    problem: str = ""
    alias: str = ""


class Lookups(Protocol):
    """Answers questions; never raises."""

    def ask(self, name: str, kind: str) -> Answer:
        """The records of a kind, such as TXT; each as one text."""
        ...

    def addresses(self, name: str) -> Answer:
        """The IP addresses of a host, of both kinds."""
        ...

    def hosts(self, address: str) -> Answer:
        """The names of an IP address (PTR)."""
        ...


class DnsLookups:
    """Asks the resolvers of this machine, or the server that is named; remembers what they said.

    For one check-up: all of it together waits no longer than `seconds`.
    """

    def __init__(
        self, server: str = "", *, seconds: float = ALL, timer: Timer = system_timer
    ) -> None:
        self._server = server
        self._timer = timer
        self._left = seconds
        self._resolver: dns.resolver.Resolver | None = None
        self._known: dict[tuple[str, str], Answer] = {}

    def ask(self, name: str, kind: str) -> Answer:
        key = (name.lower().rstrip("."), kind)
        if key not in self._known:
            self._known[key] = self._ask(*key)
        return self._known[key]

    def addresses(self, name: str) -> Answer:
        four, six = self.ask(name, "A"), self.ask(name, "AAAA")
        found = four.records + six.records
        problem = "" if found else four.problem or six.problem
        return Answer(found, four.exists or six.exists, problem, four.alias or six.alias)

    def hosts(self, address: str) -> Answer:
        return self.ask(dns.reversename.from_address(address).to_text(omit_final_dot=True), "PTR")

    def _ask(self, name: str, kind: str) -> Answer:
        if self._left <= 0:
            return Answer(problem="there was no time left to ask")
        began = self._timer()
        try:
            found = self._open().resolve(
                dns.name.from_text(f"{name}."),
                kind,
                search=False,
                raise_on_no_answer=False,
                lifetime=min(EACH, self._left),
            )
        except dns.resolver.NXDOMAIN as error:
            return Answer(exists=False, alias=_alias(error.canonical_name, name))
        except (dns.exception.DNSException, OSError, ValueError) as error:
            return Answer(problem=_problem(error))
        finally:
            self._left -= self._timer() - began
        records = tuple(sorted(map(_text, found.rrset or ())))
        return Answer(records, alias=_alias(found.canonical_name, name))

    def _open(self) -> dns.resolver.Resolver:
        if self._resolver is None:
            self._resolver = dns.resolver.Resolver(configure=not self._server)
            if self._server:
                host, port = split_server(self._server)
                self._resolver.nameservers, self._resolver.port = [host], port
            self._resolver.timeout = EACH / 2  # of each server, so that a second one is asked
        return self._resolver


NO_INTERNET = "the name server at hand knows no internet"


class NotBelieved:
    """In the place of a server that knows no internet: whatever it says, it is not known."""

    def ask(self, name: str, kind: str) -> Answer:  # noqa: ARG002 - as Lookups has it
        return Answer(problem=NO_INTERNET)

    def addresses(self, name: str) -> Answer:
        return self.ask(name, "A")

    def hosts(self, address: str) -> Answer:
        return self.ask(address, "PTR")


def knows_internet(lookups: Lookups) -> bool:
    """Whether the server has the root or com, or does not answer; one in a closed network has none.

    Such a one may say of every name that it is not there, or that all of them are itself.
    """
    asked = (lookups.ask(name, "NS") for name in (".", "com"))
    return any(one.records or one.problem for one in asked)


def _problem(error: Exception) -> str:
    if isinstance(error, dns.exception.Timeout):
        return "no answer in time"
    if isinstance(error, dns.resolver.NoNameservers):
        return "its servers answer with an error"
    if isinstance(error, dns.resolver.NoResolverConfiguration):
        return "this machine names no server to ask"
    return type(error).__name__


def _alias(canonical: dns.name.Name, name: str) -> str:
    alias = canonical.to_text(omit_final_dot=True).lower()
    return "" if alias == name else alias


def _text(record: object) -> str:
    strings = getattr(record, "strings", None)
    if strings is not None:  # a long one is cut into strings, with nothing between them
        return printable(b"".join(strings).decode("utf-8", "replace"))
    exchange = getattr(record, "exchange", None)
    if exchange is not None:
        return str(exchange).rstrip(".").lower()
    return str(record).rstrip(".").lower()
