"""What a site allows programs to read: robots.txt (RFC 9309). Asked for pages, not for feeds.

A feed is there for programs; a page is read by us only because a feed leads to it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from urllib.parse import quote, unquote_to_bytes, urlsplit

import httpx

from dispatch.clock import Clock
from dispatch.errors import FeedError, FeedGone, FeedUnreachable
from dispatch.feeds.web.address import without_credentials
from dispatch.feeds.web.fetch import Fetched, fetch
from dispatch.feeds.web.limits import NORMAL, Limits

PRODUCT = "dispatch"  # the word in our User-Agent that the groups of a robots.txt may name
LARGEST = 512_000  # bytes; the standard asks for 500 KiB at least
_KEPT = timedelta(hours=24)  # the longest that the standard has it kept
_KEPT_FAILURE = timedelta(hours=1)
_MOST_SITES = 2_000
_MOST_LETTERS = 20_000_000  # of all rules kept: one feed may lead to any number of sites
_MOST_RULES = 2_000
_LONGEST_RULE = 1_000
_MOST_STARS = 10

_LINE = re.compile(r"\s*(user-agent|allow|disallow)\s*:\s*([^#]*)", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z_-]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """Which paths of a site we may read: pairs of a pattern and whether it allows."""

    pairs: tuple[tuple[str, bool], ...] = ()

    @property
    def letters(self) -> int:
        """How much there is of them."""
        return sum(len(pattern) for pattern, _ in self.pairs)

    def allow(self, target: str) -> bool:
        r"""Whether they allow the path, with its query: one of the longest that fit allows it.

        >>> read_rules("User-agent: *\nDisallow: /p\nAllow: /page$").allow("/page")
        True
        """
        path = _normal(target)
        fitting = [(len(pattern), allows) for pattern, allows in self.pairs if _fits(pattern, path)]
        return max(fitting, default=(0, True))[1]


EVERYTHING = Rules()
UNKNOWN = Rules((("/", False),))


class Robots:
    """The robots.txt of sites, each kept in memory for a day; for many threads."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[datetime, Rules]] = {}
        self._letters = 0
        self._lock = Lock()

    def why_not(
        self,
        url: str,
        *,
        http: httpx.Client,
        folder: Path,
        clock: Clock,
        limits: Limits = NORMAL,
    ) -> str | None:
        """Why we may not read a page, in words; None if we may. robots.txt is fetched where needed.

        A site without one allows everything. One that cannot be asked, because its server has a
        fault, allows nothing for an hour.
        """
        parts = urlsplit(without_credentials(url))
        site = f"{parts.scheme}://{parts.netloc}"
        now = clock()
        with self._lock:
            until, rules = self._kept.get(site, (now, EVERYTHING))
        if until <= now:
            rules, keep = _ask(
                f"{site}/robots.txt",
                lambda address: fetch(
                    address,
                    http=http,
                    folder=folder,
                    clock=clock,
                    limits=replace(limits, size=LARGEST),
                ),
            )
            with self._lock:
                self._letters += rules.letters
                if len(self._kept) >= _MOST_SITES or self._letters > _MOST_LETTERS:
                    self._kept.clear()
                    self._letters = rules.letters
                self._kept[site] = (now + keep, rules)
        if rules is UNKNOWN:
            return "what its site allows programs to read is not known: no answer for robots.txt"
        if rules.allow(f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"):
            return None
        return "its site asks programs not to read it (robots.txt)"


def read_rules(text: str) -> Rules:
    """The rules for us: of the groups that name us, else of those for everybody."""
    ours: list[tuple[str, bool]] = []
    everybody: list[tuple[str, bool]] = []
    named = False
    into: list[list[tuple[str, bool]]] = []
    in_names = False
    for line in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")):
        found = _LINE.match(line)
        if found is None:
            continue
        key, value = found[1].lower(), found[2].strip()
        if key == "user-agent":
            into = into if in_names else []
            in_names = True
            token = _TOKEN.match(value)
            group = None
            if value == "*":
                group = everybody
            elif token and token[0].lower() == PRODUCT:
                named = True
                group = ours
            # Once, however often it is named: each rule goes through all of them.
            if group is not None and not any(group is one for one in into):
                into.append(group)
            continue
        in_names = False
        for group in into:
            if len(group) < _MOST_RULES and _is_usable(value):
                group.append((_normal(value), key == "allow"))
    return Rules(tuple(ours if named else everybody))


def _ask(url: str, get: Callable[[str], object]) -> tuple[Rules, timedelta]:
    try:
        answer = get(url)
    except FeedGone:
        return EVERYTHING, _KEPT
    except FeedError as failure:
        # 400 to 499: there are no rules (2.3.1.3). 429 is among these numbers and means the
        # opposite: it is too much already. All else: as if everything was forbidden (2.3.1.4).
        status = (failure.status if isinstance(failure, FeedUnreachable) else None) or 0
        if 400 <= status < 500 and status != 429:
            return EVERYTHING, _KEPT
        return UNKNOWN, _KEPT_FAILURE
    body = answer.body if isinstance(answer, Fetched) else b""
    return read_rules(body.decode("utf-8", "replace")), _KEPT


def _is_usable(pattern: str) -> bool:
    # An empty one means nothing; with very many stars one page would take us long to look up.
    return 0 < len(pattern) <= _LONGEST_RULE and pattern.count("*") <= _MOST_STARS


def _normal(path: str) -> str:
    # So that /caf%C3%A9 and /café are the same, and %2F stays different from a slash (2.2.2).
    pieces = re.split(r"(%2f|%2a|%24|[*$])", path, flags=re.IGNORECASE)
    return "".join(
        piece.upper() if place % 2 else quote(unquote_to_bytes(piece), safe="/?&=;:@!,+'()~.-_#[]")
        for place, piece in enumerate(pieces)
    )


def _fits(pattern: str, path: str) -> bool:
    # Piece by piece and not by a regular expression: "*a*a*a*" would take it hours.
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if not others:
        return not anchored or path == first
    place = len(first)
    *middle, last = others
    for piece in middle:
        found = path.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    if anchored:
        return path.endswith(last) and len(path) - len(last) >= place
    return path.find(last, place) >= 0
