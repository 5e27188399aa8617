"""WebSub, the subscriber's side (https://www.w3.org/TR/websub/): what to ask, and how to check.

Only words and signatures here: `feeds/websub/hub_requests.py` carries them to a hub.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from dispatch.feeds.web.address import absolute
from dispatch.model.intake.websub_subscription import Wish
from dispatch.model.text.plain_text import one_line, shorten
from dispatch.signing import same

LEASE = timedelta(days=10)
"""What we ask for: the standard calls it a good value, and hubs grant it."""

LONGEST_HEADER = 10_000  # of Link headers; more is an attack or a mistake
LONGEST_CHALLENGE = 1_000  # hubs use some 100 letters; we do not echo a file (section 8.2)
LONGEST_REASON = 200

DENIED = "denied"

# Named by section 7.1.1. SHA-1 is what most hubs still use, and in an HMAC it is not broken.
METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})

_LINK = re.compile(r"<([^<>]*)>((?:[^,<\"]|\"[^\"]*\")*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Advertised:
    """Where a feed's news can be asked for, and under which name; empty if it does not say."""

    hub: str = ""
    topic: str = ""

    def __bool__(self) -> bool:
        # Without its own name for the feed, a hub would not know what we mean (section 5.1).
        return bool(self.hub and self.topic)


def read_link_header(value: str, *, base: str) -> Advertised:
    """What `Link` headers advertise, of several hubs the first.

    >>> read_link_header('</hub>; rel="hub", </feed>; rel=self', base="https://blog.example/")
    Advertised(hub='https://blog.example/hub', topic='https://blog.example/feed')
    """
    found: dict[str, str] = {}
    for target, rels in _links(value[:LONGEST_HEADER]):
        for rel in rels:
            found.setdefault(rel, absolute(target, base))
    return Advertised(found.get("hub", ""), found.get("self", ""))


def _links(value: str) -> Iterator[tuple[str, list[str]]]:
    for match in _LINK.finditer(value):
        rel = _REL.search(match.group(2))
        if rel is not None:
            yield match.group(1), (rel.group(1) or rel.group(2) or "").lower().split()


def request_form(
    wish: Wish, *, topic: str, callback: str, secret: str, lease: timedelta = LEASE
) -> dict[str, str]:
    """The fields of the request to a hub (section 5.1); `secret` has less than 200 bytes.

    The standard wants a secret only over HTTPS. It goes along without, too: it opens this one
    callback and nothing else, and the callback is on the same line.
    """
    form = {"hub.mode": wish.value, "hub.topic": topic, "hub.callback": callback}
    if wish is Wish.SUBSCRIBE:
        form["hub.secret"] = secret
        form["hub.lease_seconds"] = str(int(lease.total_seconds()))
    return form


def hub_addresses(hub: str) -> tuple[str, ...]:
    """Where to find the hub, best first: HTTPS even where HTTP is advertised (section 8.2).

    >>> hub_addresses("http://hub.example/")
    ('https://hub.example/', 'http://hub.example/')
    >>> hub_addresses("http://hub.example:8080/")
    ('http://hub.example:8080/',)
    """
    parts = urlsplit(hub)
    if parts.scheme == "http" and parts.port is None:
        return parts._replace(scheme="https").geturl(), hub
    return (hub,)


def same_topic(one: str, other: str) -> bool:
    """Whether two addresses name the same feed; hubs may write some letters in another way.

    >>> same_topic("https://blog.example/~ada/feed", "https://blog.example/%7Eada/feed")
    True
    """
    return unquote(one) == unquote(other)


@dataclass(frozen=True, slots=True)
class Question:
    """What a hub asks or says with its GET: `mode` is a wish it wants confirmed, or "denied"."""

    mode: str
    topic: str
    challenge: str = ""
    lease: timedelta | None = None
    reason: str = ""


def read_question(query: Mapping[str, str]) -> Question | None:
    """The hub's question; None for what is none, or has a challenge no hub would use."""
    mode, topic = query.get("hub.mode", ""), query.get("hub.topic", "")
    challenge = query.get("hub.challenge", "")
    if mode == DENIED:
        reason = shorten(one_line(query.get("hub.reason", "")), LONGEST_REASON)
        return Question(mode, topic, reason=reason)
    if mode not in set(Wish) or not _may_be_echoed(challenge):
        return None
    return Question(mode, topic, challenge, _seconds(query.get("hub.lease_seconds", "")))


def _may_be_echoed(challenge: str) -> bool:
    # Printable ASCII, because what we echo must not be a way to hand out files under our name.
    fits = 0 < len(challenge) <= LONGEST_CHALLENGE
    return fits and challenge.isascii() and challenge.isprintable()


def _seconds(value: str) -> timedelta | None:
    if not (value.isascii() and value.isdigit()) or not value.strip("0"):
        return None
    return timedelta(seconds=int(value[:9]))


class SignatureCheck:
    """Whether a body is signed as `header` (X-Hub-Signature) says; it is fed piece by piece.

    A missing header, or a method that is not in the standard, is as wrong as a wrong signature.
    """

    def __init__(self, header: str, secret: str) -> None:
        method, _, self._given = header.strip().partition("=")
        self._known = method.lower() in METHODS
        name = method.lower() if self._known else "sha256"
        self._mac = hmac.new(secret.encode(), digestmod=getattr(hashlib, name))

    def feed(self, piece: bytes) -> None:
        """The body goes on."""
        self._mac.update(piece)

    def is_right(self) -> bool:
        """Whether who knows the secret signed all of the body; takes as long if it is wrong."""
        return same(self._given.strip().lower(), self._mac.hexdigest()) and self._known
