"""Entries of a document, and how much each of their names tells: what many share tells nothing."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from dispatch.model.intake.canonical import canonical
from dispatch.model.intake.feed import Entry
from dispatch.model.intake.post import Post
from dispatch.model.intake.similarity import (
    SAME_DAY,
    Looks,
    is_one_text,
    is_one_title,
    text_key,
    title_key,
)
from dispatch.store.intake.posts import Newcomer

SEVERAL = 3
"""So many stories of a document under one name: that is no name of any."""

MOST_COMPARED = 50
"""Entries of one title with which another one is compared."""

FEW = 2
"""So many entries make a document in which a name that all have may be a name of none."""


@dataclass(frozen=True)
class Candidate:
    """An entry of a document and what it may be known by.

    `guid` is empty if it says nothing, as other stories have it, too: so many as `guid_of` says.
    `date_tells` if its date is not that of many; `alone` if the document has so few entries that
    what they share may be what all of the feed share. `is_dated` if its title may be that of a
    series, such as "Daily digest", so that the day is a part of its name.
    """

    entry: Entry
    guid: str
    link_key: str
    looks: Looks
    guid_of: int = 1
    date_tells: bool = True
    alone: bool = False
    is_dated: bool = False

    def identity(self, *, link_shared: bool) -> str:
        """The guid, else the canonical link if it is this story's alone, else with the title."""
        if self.guid:
            return self.guid
        if self.link_key and not link_shared:
            return self.link_key
        return self.titled

    @property
    def titled(self) -> str:
        """What it is known by where neither guid nor link tells."""
        return self.titles[-1 if self.is_dated else 0]

    @property
    def titles(self) -> tuple[str, ...]:
        """The same, without the day and with it: the feed may have more of its series one day."""
        name = name_by_title(self.link_key, self.looks.title or self.entry.title)
        day = self.looks.published
        return (name, f"{name} {day:%Y-%m-%d}") if day else (name,)

    @property
    def earlier(self) -> set[str]:
        """Identities under which it may have been kept while less was known of it or its feed."""
        if self.entry.guid:
            return {self.entry.guid} - {self.guid}
        return {self.looks.title or self.entry.title} if self.link_key else set()

    @cached_property
    def text_key(self) -> str:
        """A fingerprint of what it says, or empty; made only for what is new or edited."""
        return text_key(self.entry.content or self.entry.summary)

    def newcomer(self, *, link_shared: bool, identity: str = "", site: str = "") -> Newcomer:
        """What is kept of it; the link of one that has none leads to the `site`."""
        entry = self.entry if self.entry.link else replace(self.entry, link=site)
        return Newcomer(
            entry,
            identity or self.identity(link_shared=link_shared),
            self.link_key,
            link_shared or bool(entry.link and not self.link_key),
            self.looks.title,
            self.text_key,
        )


def name_by_title(link_key: str, title: str) -> str:
    """What a story is known by where neither guid nor link tells, but for its day."""
    return f"{link_key} {title}".strip()


def candidates_of(
    entries: Sequence[Entry], *, now: datetime, shared_guids: Collection[str] = ()
) -> list[Candidate]:
    """The entries with what they may be known by; `shared_guids` were those of several before."""
    looks = [Looks(title_key(entry.title), "", entry.published, now) for entry in entries]
    guids, dates = _Stories(), _Stories()
    for entry, look in zip(entries, looks, strict=True):
        title = look.title or entry.title
        guids.add(entry.guid, title)
        if look.published:
            dates.add(_minute(look.published), title)
    found = []
    for entry, look in zip(entries, looks, strict=True):
        guid_of = SEVERAL if entry.guid in shared_guids else guids.of(entry.guid)
        found.append(
            Candidate(
                entry,
                entry.guid if guid_of == 1 else "",
                canonical(entry.link),
                look,
                guid_of,
                look.published is None or dates.of(_minute(look.published)) < SEVERAL,
                len(entries) <= FEW,
            )
        )
    return _with_days(found)


def _with_days(candidates: list[Candidate]) -> list[Candidate]:
    """The same, dated those that may be of a series: they are alone, or another one is of it."""
    series: dict[tuple[str, str], list[Candidate]] = {}
    for one in candidates:
        series.setdefault((one.link_key, one.looks.title), []).append(one)

    def is_dated(one: Candidate) -> bool:
        if one.looks.published is None or one.alone:
            return one.alone and one.looks.published is not None
        others = series[one.link_key, one.looks.title] if not one.guid else []
        return any(is_next(one.entry, other.entry) for other in others[:MOST_COMPARED])

    return [replace(one, is_dated=True) if is_dated(one) else one for one in candidates]


def is_next(one: Entry, other: Entry | Post) -> bool:
    """Whether two of one title are two of a series: on other days, and saying something else."""
    if one.published is None or other.published is None:
        return False
    apart = abs(one.published - other.published)
    return apart > SAME_DAY and (one.content or one.summary) != (other.content or other.summary)


def is_one_story(one: Candidate, other: Candidate) -> bool:
    """Whether two entries of a document that have one link are one story.

    Not by one date: two stories are often published at once, and nobody dates one story twice.
    """
    if one.guid and one.guid == other.guid:
        return True
    if one.is_dated and other.is_dated and is_next(one.entry, other.entry):
        return False
    if is_one_text(one.looks, other.looks):
        return True
    return is_one_title(one.looks.title or one.entry.title, other.looks.title or other.entry.title)


def links_of_several(candidates: Iterable[Candidate]) -> set[str]:
    """The links that a document gives to several stories, so that they are no name of one.

    The page of a podcast, the home page, a change log. Two of many entries with one link are no
    sign of that: one of them may be the other, told again.
    """
    stories: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        others = stories.setdefault(candidate.link_key, [])
        if len(others) < SEVERAL and not any(is_one_story(candidate, other) for other in others):
            others.append(candidate)
    stories.pop("", None)
    only_one = len(stories) == 1
    return {
        link for link, of in stories.items() if len(of) >= SEVERAL or (only_one and len(of) > 1)
    }


class _Stories:
    """How many stories have a value, as far as their titles tell; up to `SEVERAL` are counted."""

    def __init__(self) -> None:
        self._titles: dict[str | int, list[str]] = {}

    def add(self, value: str | int, title: str) -> None:
        titles = self._titles.get(value)
        if titles is None:
            self._titles[value] = [title]
        elif len(titles) < SEVERAL and not any(is_one_title(title, other) for other in titles):
            titles.append(title)

    def of(self, value: str | int) -> int:
        return len(self._titles[value])


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60
