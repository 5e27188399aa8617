"""DMARC: what a domain asks receivers to do with mail that only pretends to be from it.

By RFC 9989 (May 2026, https://www.rfc-editor.org/rfc/rfc9989), which replaces RFC 7489. It finds
the record of an organisation by walking up the DNS, where the older one needed a list of public
suffixes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dispatch.channels.dns.lookups import Lookups
from dispatch.channels.dns.tags import read_tags

MOST_LABELS = 8
"""Of a longer name, the walk leaves out all between itself and its last seven labels (4.10)."""

IS_DMARC = re.compile(r"v\s*=\s*DMARC1\s*(?:;|\Z)")
LOOKS_SO = re.compile(r"dmarc1|\bp\s*=\s*(?:none|quarantine|reject)", re.IGNORECASE)
POLICIES = frozenset({"none", "quarantine", "reject"})


class DmarcTrouble(StrEnum):
    """Why there is no policy, or why it is not known."""

    MISSING = "missing"
    MISPLACED = "misplaced"  # it stands at the domain itself
    DOUBLED = "doubled"  # the domain stands in its name twice
    SEVERAL = "several"
    BROKEN = "broken"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Dmarc:
    """The policy for mails from `domain`: it stands at `place`, which may be above.

    `organisation` is the domain at the top of it, by which relaxed alignment goes.
    """

    domain: str
    organisation: str
    place: str = ""
    record: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    trouble: DmarcTrouble | None = None
    detail: str = ""

    @property
    def policy(self) -> str:
        """What is asked for: none, quarantine or reject."""
        policy = self.tags.get("p", "none").lower()
        asked = policy if self.place == self.domain else self.tags.get("sp", policy).lower()
        return "none" if self.tags.get("t") == "y" and asked == "quarantine" else asked

    def is_strict(self, tag: str) -> bool:
        """Whether `adkim` or `aspf` asks for the very same domain."""
        return self.tags.get(tag, "r").lower() == "s"


def read_dmarc(domain: str, lookups: Lookups) -> Dmarc:
    """Find the record for mails from a domain, and the organisation that it belongs to."""
    walked = list(_walk(domain, lookups))
    organisation = _top(domain, walked)
    at_top = next(one for one in walked if one.name == organisation)
    for level in (walked[0], at_top):
        if trouble := level.trouble:
            return _without(domain, organisation, trouble, level)
        if level.record:
            return _judged(domain, organisation, level)
    for level in walked[1:]:  # one of these would have been the top
        if level.trouble is not None and level.name.count("."):
            return _without(domain, organisation, level.trouble, level)
    if any(map(IS_DMARC.match, lookups.ask(domain, "TXT").records)):
        return Dmarc(domain, organisation, trouble=DmarcTrouble.MISPLACED)
    twice = lookups.ask(f"_dmarc.{domain}.{domain}", "TXT")
    if any(map(IS_DMARC.match, twice.records)):
        return Dmarc(domain, organisation, trouble=DmarcTrouble.DOUBLED)
    return Dmarc(domain, organisation, trouble=DmarcTrouble.MISSING)


def organisation_of(domain: str, lookups: Lookups) -> str:
    """The domain at the top of the organisation that a domain belongs to."""
    return _top(domain, list(_walk(domain, lookups)))


@dataclass(frozen=True, slots=True)
class _Level:
    """What stands at one name of the walk."""

    name: str
    record: str = ""
    several: int = 0
    odd: str = ""
    problem: str = ""

    @property
    def trouble(self) -> DmarcTrouble | None:
        """Why nobody can use what stands there; None where nothing does."""
        if self.problem:
            return DmarcTrouble.UNANSWERED
        if self.several:
            return DmarcTrouble.SEVERAL
        return DmarcTrouble.BROKEN if self.odd else None

    @property
    def psd(self) -> str:
        found = re.search(r";\s*psd\s*=\s*([yn])\b", self.record, re.IGNORECASE)
        return found[1].lower() if found else ""


def names_above(domain: str) -> list[str]:
    """The names at which the walk asks, the domain first.

    >>> names_above("news.atelier.example")
    ['news.atelier.example', 'atelier.example', 'example']
    """
    labels = domain.split(".")
    rest = labels[1:] if len(labels) <= MOST_LABELS else labels[-(MOST_LABELS - 1) :]
    return [domain, *(".".join(rest[at:]) for at in range(len(rest)))]


def _walk(domain: str, lookups: Lookups) -> Iterator[_Level]:
    for name in names_above(domain):
        level = _look(name, lookups)
        yield level
        if level.psd == "n" or (level.psd == "y" and name != domain):
            return


def _look(name: str, lookups: Lookups) -> _Level:
    answer = lookups.ask(f"_dmarc.{name}", "TXT")
    if answer.problem:
        return _Level(name, problem=answer.problem)
    found = [one for one in answer.records if IS_DMARC.match(one.strip())]
    if len(found) > 1:
        return _Level(name, several=len(found))
    if found:
        return _Level(name, found[0].strip())
    return _Level(name, odd=next(filter(LOOKS_SO.search, answer.records), ""))


def _top(domain: str, walked: list[_Level]) -> str:
    with_record = [one for one in walked if one.record]
    if not with_record:
        return domain
    last = with_record[-1]
    if last.psd == "y" and last.name != domain:
        below = names_above(domain)
        return below[below.index(last.name) - 1]
    return last.name


def _without(domain: str, organisation: str, trouble: DmarcTrouble, level: _Level) -> Dmarc:
    detail = level.problem or level.odd or str(level.several)
    if trouble is DmarcTrouble.BROKEN:
        detail = f"'{level.odd}' does not begin with v=DMARC1;"
    return Dmarc(domain, organisation, level.name, level.odd, {}, trouble, detail)


def _judged(domain: str, organisation: str, level: _Level) -> Dmarc:
    broken = DmarcTrouble.BROKEN
    try:
        tags = read_tags(level.record)
    except ValueError as error:
        return Dmarc(domain, organisation, level.name, level.record, {}, broken, str(error))
    lower = {name.lower(): value for name, value in tags.items()}
    detail = _problem(lower)
    trouble = broken if detail else None
    return Dmarc(domain, organisation, level.name, level.record, lower, trouble, detail)


def _problem(tags: Mapping[str, str]) -> str:
    """Why receivers of one kind or the other take the record for none; empty where they do not."""
    if "p" not in tags:
        return "p= is missing"
    for tag in ("p", "sp"):
        if tag in tags and tags[tag].lower() not in POLICIES:
            return f"{tag}={tags[tag]} is no policy, which is none, quarantine or reject"
    return ""
