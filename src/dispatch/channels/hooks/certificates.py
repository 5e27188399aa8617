"""Certificates that a message names by address: fetched once, in bounds, and kept."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

import httpx

from dispatch.channels.hooks.public_key import NOT_INSTALLED
from dispatch.errors import NotGenuine, ProviderUnavailable
from dispatch.http_body import ACCEPTED_ENCODINGS, Unread, read_body

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
    from cryptography.x509 import Certificate

MOST_BYTES = 64_000
SECONDS = 5.0
"""How long an answer may take: whoever calls us waits for it, and gives up after 15 seconds."""

KEPT = 32
"""How many certificates are kept; there is one for each region of a service, and its next one."""

WAITS = {True: 60.0, False: 5.0}
"""Seconds until an address is asked again: one that is wrong, and one that did not answer."""


@dataclass(slots=True)
class Certificates:
    """What stands at addresses that the caller has found to be the service's own.

    May be used from several threads: then one asks, and the others wait for what it gets.
    """

    http: httpx.Client
    name: str
    ticks: Callable[[], float] = time.monotonic
    _kept: "OrderedDict[str, tuple[Certificate, ...]]" = field(default_factory=OrderedDict)
    _failed: OrderedDict[str, tuple[float, bool]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def key_at(self, url: str, now: datetime, issuer: str = "") -> "CertificatePublicKeyTypes":
        """The public key of the certificate; `issuer` is where those stand that must have made it.

        Raises NotGenuine where there is none that is valid, and ProviderUnavailable where nobody
        can know that now.
        """
        first = self._at(url)[0]
        if not first.not_valid_before_utc <= now <= first.not_valid_after_utc:
            raise NotGenuine("the call is signed with a certificate that is over, or not yet valid")
        if issuer and not any(_has_made(one, first) for one in self._at(issuer)):
            raise NotGenuine("the call is signed with a certificate that somebody else has made")
        return first.public_key()

    def _at(self, url: str) -> "tuple[Certificate, ...]":
        if found := self._kept.get(url):
            return found
        with self._lock:
            if found := self._kept.get(url):
                return found
            until, wrong = self._failed.get(url, (0.0, False))
            if self.ticks() < until:
                raise self._failure(wrong)
            try:
                found = self._fetch(url)
            except (NotGenuine, ProviderUnavailable) as error:
                wrong = isinstance(error, NotGenuine)
                _keep(self._failed, url, (self.ticks() + WAITS[wrong], wrong))
                raise
            _keep(self._kept, url, found)
            return found

    def _fetch(self, url: str) -> "tuple[Certificate, ...]":
        try:
            from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - an extra
        except ImportError:
            raise ProviderUnavailable(f"{self.name}: {NOT_INSTALLED}") from None
        answer = get(self.http, url, self.ticks)
        if answer is None:
            raise self._failure(wrong=False)
        try:
            found = tuple(load_pem_x509_certificates(answer.body)) if answer.good else ()
        except ValueError:
            found = ()
        if not found:
            raise self._failure(wrong=True)
        return found

    def _failure(self, wrong: bool) -> NotGenuine | ProviderUnavailable:
        if wrong:
            return NotGenuine("the call names a certificate that there is not")
        return ProviderUnavailable(
            f"{self.name}: the certificate that a call is signed with cannot be fetched"
            " - see whether this machine reaches the service"
        )


@dataclass(frozen=True, slots=True)
class Got:
    """What an address answered, and whether that is what was asked for."""

    good: bool
    body: bytes


def get(http: httpx.Client, url: str, ticks: Callable[[], float]) -> Got | None:
    """What an address answers, read in bounds; None where it does not, or not now."""
    until = ticks() + SECONDS
    headers = {"Accept-Encoding": ACCEPTED_ENCODINGS}
    try:
        with http.stream(
            "GET", url, headers=headers, timeout=SECONDS, follow_redirects=False
        ) as answer:
            if answer.status_code >= 500 or answer.status_code == 429:
                return None
            body = read_body(answer, size=MOST_BYTES, left=lambda: until - ticks())
            return Got(answer.is_success, body)
    except (httpx.HTTPError, Unread):
        return None


def _keep(where: "OrderedDict[str, Any]", url: str, what: object) -> None:
    where[url] = what
    while len(where) > KEPT:
        where.popitem(last=False)


def _has_made(issuer: "Certificate", one: "Certificate") -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an extra

    try:
        one.verify_directly_issued_by(issuer)
    except (InvalidSignature, TypeError, ValueError):
        return False
    return True
