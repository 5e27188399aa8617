"""Which entries of a document are posts that we have, under whatever name they come."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from dispatch.model.intake.similarity import is_edit, is_one_date, is_one_title, text_key
from dispatch.pipeline.intake.candidates import SEVERAL, Candidate, is_next, is_one_story
from dispatch.store.intake.names import KnownPost


class Shared(StrEnum):
    """What a doubtful candidate has of another story."""

    ADDRESS = "address"
    GUID = "guid"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A candidate that has a name of a post, or of another new one, and nothing else of it.

    `identity` is what it is kept under.
    """

    candidate: Candidate
    other: KnownPost | Candidate
    shares: Shared
    identity: str


@dataclass(slots=True)
class Matched:
    """How the candidates came out; for `repeats` another one of the document stands."""

    known: list[tuple[Candidate, KnownPost]] = field(default_factory=list)
    doubtful: list[Doubt] = field(default_factory=list)
    new: list[Candidate] = field(default_factory=list)
    repeats: list[tuple[Candidate, Candidate]] = field(default_factory=list)
    aliases: dict[str, int] = field(default_factory=dict)


def identities_of(candidates: Iterable[Candidate], shared: Collection[str]) -> set[str]:
    """All identities under which posts may have been kept that these candidates are."""
    found: set[str] = set()
    for candidate in candidates:
        found |= candidate.earlier
        found.add(candidate.identity(link_shared=False))
        tells = candidate.guid and candidate.link_key and candidate.link_key not in shared
        if not tells or candidate.alone:
            found |= set(candidate.titles)
    return found


def match_entries(
    candidates: Sequence[Candidate], posts: Sequence[KnownPost], *, shared: Collection[str]
) -> Matched:
    """Find for each candidate the post that it is: by guid, else by link unless that is `shared`.

    Of several candidates that are one post the first that has its own title speaks for it, else the
    first that has its own guid; the order of the document decides only between equals.
    """
    match = _Match(posts, shared)
    by_name = [(candidate, *match.by_name(candidate)) for candidate in candidates]
    named = [(candidate, known) for candidate, known, _ in by_name if known is not None]
    # Sorting keeps the order of the document between equals.
    for candidate, known in sorted(named, key=lambda one: one[1].looks.title != one[0].looks.title):
        if match.claim(candidate, known):
            match.remember(candidate, known)
    for candidate, by_its_name, namesake in by_name:
        if by_its_name is None:
            match.place(candidate, namesake)
    return match.found


class _Match:
    """Candidates and posts as they are brought together."""

    def __init__(self, posts: Sequence[KnownPost], shared: Collection[str]) -> None:
        self.found = Matched()
        self._names = _Names(posts)
        self._shared = shared
        self._claimed: dict[int, Candidate] = {}
        self._new: dict[str, Candidate] = {}

    def by_name(self, candidate: Candidate) -> tuple[KnownPost | None, KnownPost | None]:
        """The post that it is by a name of its own, and one that has the name and is another."""
        is_shared = candidate.link_key in self._shared
        identity = candidate.identity(link_shared=is_shared)
        if not candidate.guid and (named := self._names.with_its_title(candidate, not is_shared)):
            return named, None
        known = self._names.by_identity.get(identity)
        if known is not None and not _is_another(candidate, known):
            return known, None
        return self._names.titled(candidate) or self._names.earlier(candidate), known

    def claim(self, candidate: Candidate, known: KnownPost) -> bool:
        """Take a candidate for the post, and say so, unless another story of the document is it."""
        speaker = self._claimed.setdefault(known.post.id, candidate)
        if speaker is candidate:
            self.found.known.append((candidate, known))
        elif is_one_story(candidate, speaker):
            self.found.repeats.append((candidate, speaker))
        else:
            self._doubt(candidate, known, Shared.ADDRESS)
            return False
        return True

    def remember(self, candidate: Candidate, known: KnownPost) -> None:
        """Note the guid under which a post that was found by another name has come.

        The next time it may come with nothing else of what it had.
        """
        guid = candidate.guid
        if guid and not self._names.knows(guid):
            self.found.aliases.setdefault(guid, known.post.id)

    def place(self, candidate: Candidate, namesake: KnownPost | None) -> None:
        """Find a post for a candidate under its other names, or say that it is new or doubtful."""
        link = "" if candidate.link_key in self._shared else candidate.link_key
        identity = candidate.titled if namesake else candidate.identity(link_shared=not link)
        known, is_it = self._names.find(candidate, identity, link, self._claimed)
        if known is not None and is_it:
            if self.claim(candidate, known):
                self.found.aliases[identity] = known.post.id
            return
        if other := namesake or self._of_its_guid(candidate):
            shares = Shared.GUID if candidate.entry.guid else Shared.ADDRESS
            self._doubt(candidate, other, shares)
            return
        same_name = self._new.setdefault(identity, candidate)
        same_link = self._new.setdefault(link, candidate) if link else candidate
        for one in (same_name, same_link):
            if one is not candidate and is_one_story(candidate, one):
                self.found.repeats.append((candidate, one))
                return
        if known is not None:
            self._doubt(candidate, known, Shared.ADDRESS)
        elif same_link is not candidate:
            self._doubt(candidate, same_link, Shared.ADDRESS)
        else:
            self.found.new.append(candidate)

    def _of_its_guid(self, candidate: Candidate) -> KnownPost | None:
        """The post that has its guid, where two of the document have it and neither is the post."""
        if candidate.guid or candidate.guid_of >= SEVERAL:
            return None
        known = self._names.by_identity.get(candidate.entry.guid)
        return None if known is None or known.post.id in self._claimed else known

    def _doubt(self, candidate: Candidate, other: KnownPost | Candidate, shares: Shared) -> None:
        taken = candidate.guid in self._names.by_identity
        identity = candidate.guid if candidate.guid and not taken else candidate.titled
        first = self._new.setdefault(identity, candidate)
        if first is candidate:
            self.found.doubtful.append(Doubt(candidate, other, shares, identity))
        else:
            self.found.repeats.append((candidate, first))


def _is_another(candidate: Candidate, known: KnownPost) -> bool:
    """Whether a candidate has the identity of a post, and nothing else of it.

    A guid is used again where link, title and date are other ones. In a document of few entries all
    may have one guid or link for ever; there the title, the date and the text are enough.
    """
    if is_one_title(candidate.looks.title, known.looks.title):
        return _is_next(candidate, known)
    if candidate.date_tells and is_one_date(candidate.looks, known.looks):
        return False
    says = candidate.entry.content or candidate.entry.summary
    said = known.post.content or known.post.summary
    if candidate.text_key and candidate.text_key == text_key(said):
        return False  # a few words may be those of many
    links = candidate.link_key, known.link_key
    if candidate.guid and all(links) and links[0] != links[1]:
        return True
    if candidate.guid and not any(links):
        return _is_dated_otherwise(candidate, known)
    return candidate.alone and says != said


def _is_dated_otherwise(candidate: Candidate, known: KnownPost) -> bool:
    return bool(candidate.looks.published and known.looks.published)


def _is_next(candidate: Candidate, known: KnownPost) -> bool:
    """Whether a candidate and a post of one title may be two of a series."""
    return candidate.is_dated and is_next(candidate.entry, known.post)


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

    def knows(self, name: str) -> bool:
        """Whether the name leads to a post already."""
        return name in self.by_identity or name in self._other

    def with_its_title(self, candidate: Candidate, link_tells: bool) -> KnownPost | None:
        """The post of its title that has its link, or once had, or one of its other names."""
        names = sorted(candidate.earlier | {candidate.link_key, *candidate.titles})
        found = [self.by_identity[name] for name in names if name in self.by_identity]
        found += self._by_link.get(candidate.link_key, []) if link_tells else []
        title = candidate.looks.title
        alike = (one for one in found if one.looks.title == title)
        return next((one for one in alike if not _is_next(candidate, one)), None)

    def titled(self, candidate: Candidate) -> KnownPost | None:
        """The post that is known by its link and title, and by its day if that is a part of it."""
        found = (self.by_identity.get(name) for name in reversed(candidate.titles))
        return next((one for one in found if one and not _is_next(candidate, one)), None)

    def earlier(self, candidate: Candidate) -> KnownPost | None:
        """The post that was kept while less was known of it, or of its feed.

        Under a guid or a link before the feed gave that to others, too; under its title alone
        before it had a link.
        """
        links = set() if candidate.guid else {candidate.link_key}
        for name in sorted((candidate.earlier | links) - {""}):
            known = self.by_identity.get(name)
            if (
                known
                and not _is_next(candidate, known)
                and is_edit(candidate.looks, known.looks, date_tells=candidate.date_tells)
            ):
                return known
        return None

    def find(
        self, candidate: Candidate, identity: str, link: str, claimed: dict[int, Candidate]
    ) -> tuple[KnownPost | None, bool]:
        """The post that a candidate is, or may be, and whether it surely is."""
        if identity in self._other:
            return self._other[identity], True
        date_tells = candidate.date_tells and not (candidate.alone and candidate.guid)
        candidates = self._by_link.get(link, []) if link else []
        for known in candidates:
            speaker = claimed.get(known.post.id)
            if _is_next(candidate, known):
                continue
            if is_edit(candidate.looks, known.looks, date_tells=date_tells) or (
                speaker is not None and is_one_story(candidate, speaker)
            ):
                return known, True
        return (candidates[0], False) if candidates else (None, False)
