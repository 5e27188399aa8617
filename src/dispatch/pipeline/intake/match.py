"""Which entries of a document are posts that we have, under whatever name they come."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from dispatch.model.intake.canonical import canonical
from dispatch.model.intake.feed import Entry
from dispatch.model.intake.similarity import Looks, is_edit, text_key, title_key
from dispatch.store.intake.names import KnownPost
from dispatch.store.intake.posts import Newcomer

SEVERAL = 3
"""So many stories of a document under one link, or links under one guid: that is no name of any."""


@dataclass(frozen=True)
class Candidate:
    """An entry of a document and what it may be known by; `guid` is empty if it says nothing."""

    entry: Entry
    guid: str
    link_key: str
    looks: Looks

    def identity(self, *, link_shared: bool) -> str:
        """The guid, else the canonical link if it is this story's alone, else with the title."""
        if self.guid:
            return self.guid
        if self.link_key and not link_shared:
            return self.link_key
        return f"{self.link_key} {self.looks.title or self.entry.title}".strip()

    @cached_property
    def text_key(self) -> str:
        """A fingerprint of what it says, or empty; made only for what is new or edited."""
        return text_key(self.entry.content or self.entry.summary)

    def newcomer(self, *, link_shared: bool) -> Newcomer:
        """What is kept of it."""
        return Newcomer(
            self.entry,
            self.identity(link_shared=link_shared),
            self.link_key,
            link_shared,
            self.looks.title,
            self.text_key,
        )


@dataclass(slots=True)
class Matched:
    """How the candidates came out; those that repeat another one of the document are left out.

    `doubtful` ones have the link of a post, or of another new one, and neither its guid, nor its
    date, nor its title.
    """

    known: list[tuple[Candidate, KnownPost]] = field(default_factory=list)
    doubtful: list[tuple[Candidate, KnownPost | Candidate]] = field(default_factory=list)
    new: list[Candidate] = field(default_factory=list)
    aliases: dict[str, int] = field(default_factory=dict)


def candidates_of(entries: Sequence[Entry], *, now: datetime) -> list[Candidate]:
    """The entries with what they may be known by."""
    links = [canonical(entry.link) for entry in entries]
    by_guid: dict[str, set[str]] = defaultdict(set)
    for entry, link in zip(entries, links, strict=True):
        by_guid[entry.guid].add(link)
    empty = {guid for guid, of in by_guid.items() if len(of) >= SEVERAL}
    return [
        Candidate(
            entry,
            "" if entry.guid in empty else entry.guid,
            link,
            Looks(title_key(entry.title), "", entry.published, now),
        )
        for entry, link in zip(entries, links, strict=True)
    ]


def _is_one_story(one: Candidate, other: Candidate) -> bool:
    return bool(one.guid and one.guid == other.guid) or is_edit(one.looks, other.looks)


def links_of_several(candidates: Iterable[Candidate]) -> set[str]:
    """The links that a document gives to several stories, so that they are no name of one.

    The page of a podcast, the home page, a change log. Two of many entries with one link are no
    sign of that: one of them may be the other, told again.
    """
    stories: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        others = stories[candidate.link_key]
        if len(others) < SEVERAL and not any(_is_one_story(candidate, other) for other in others):
            others.append(candidate)
    stories.pop("", None)
    only_one = len(stories) == 1
    return {
        link for link, of in stories.items() if len(of) >= SEVERAL or (only_one and len(of) > 1)
    }


def match_entries(
    candidates: Sequence[Candidate], posts: Sequence[KnownPost], *, shared: Collection[str]
) -> Matched:
    """Find for each candidate the post that it is: by guid, else by link unless that is `shared`.

    Of several candidates that are one post the first that has its own guid speaks for it; the order
    of the document decides only between equals.
    """
    names = _Names(posts)
    found = Matched()
    claimed: dict[int, Candidate] = {}
    left: list[tuple[Candidate, str]] = []
    for candidate in candidates:
        identity = candidate.identity(link_shared=candidate.link_key in shared)
        known = names.by_identity.get(identity) or names.without_guid(candidate)
        if known is None:
            left.append((candidate, identity))
        elif claimed.setdefault(known.post.id, candidate) is candidate:
            found.known.append((candidate, known))
    new: dict[str, Candidate] = {}
    for candidate, identity in left:
        link = "" if candidate.link_key in shared else candidate.link_key
        known, is_it = names.find(candidate, identity, link, claimed)
        if known is not None and is_it:
            found.aliases[identity] = known.post.id
            if claimed.setdefault(known.post.id, candidate) is candidate:
                found.known.append((candidate, known))
            continue
        other = new.setdefault(identity, candidate)
        before = new.setdefault(link, candidate) if link else candidate
        if other is not candidate or (before is not candidate and _is_one_story(candidate, before)):
            continue
        if known is not None or before is not candidate:
            found.doubtful.append((candidate, known or before))
        else:
            found.new.append(candidate)
    return found


class _Names:
    """Posts by what they are called."""

    def __init__(self, posts: Iterable[KnownPost]) -> None:
        self.by_identity = {known.identity: known for known in posts}
        self._other: dict[str, KnownPost] = {}
        self._by_link: dict[str, list[KnownPost]] = defaultdict(list)
        for known in sorted(posts, key=lambda known: known.post.id):
            self._other |= dict.fromkeys(known.aliases, known)
            for link in {known.link_key, *known.aliases}:
                self._by_link[link].append(known)

    def without_guid(self, candidate: Candidate) -> KnownPost | None:
        """The post that was kept by its link before the feed gave that to others, too."""
        known = None if candidate.guid else self.by_identity.get(candidate.link_key)
        return known if known and is_edit(candidate.looks, known.looks) else None

    def find(
        self, candidate: Candidate, identity: str, link: str, claimed: dict[int, Candidate]
    ) -> tuple[KnownPost | None, bool]:
        """The post that an candidate is, or may be, and whether it surely is."""
        if identity in self._other:
            return self._other[identity], True
        candidates = self._by_link.get(link, []) if link else []
        for known in candidates:
            speaker = claimed.get(known.post.id)
            if is_edit(candidate.looks, known.looks) or (
                speaker is not None and is_edit(candidate.looks, speaker.looks)
            ):
                return known, True
        return (candidates[0], False) if candidates else (None, False)
