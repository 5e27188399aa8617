"""Which new posts look like ones we have: under a new guid and a new link, the same story.

A renamed slug, guids made anew, a move to another domain: the feed has new names for old
stories, and to send them again would be worse than to ask. What a post looks like decides:

- one that an edition has, one from before the first poll, or one that is held or was dropped:
  the new one is *held*, and a person releases or drops it;
- one that still waits for an edition, and has gone from the feed: the new one takes its place,
  if title and date, or the text, are the same. Nobody got the old one, and its link may be dead.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.model.editions.edition import EditionState
from dispatch.model.intake.post import Decision
from dispatch.model.intake.similarity import SAME_DAY, Looks, Similarity, similarity
from dispatch.pipeline.intake.candidates import Candidate
from dispatch.pipeline.intake.match import Doubt, Shared
from dispatch.store.intake.names import KnownPost, Lookalike, Use
from dispatch.store.transactions import Transaction

MOST_COMPARED = 50
"""Posts of about the same date that one new title is compared with."""

MANY = 3
"""So many, and at least half of what is new, make a feed that has renamed what it holds."""

_GONE_OUT = {EditionState.SENDING, EditionState.PAUSED, EditionState.FINISHED}


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The post that a new one looks like: the new one is held for that `reason`, or replaces it."""

    of: int
    reason: str
    replaces: bool


def find_duplicates(
    feed: str, news: Sequence[Candidate], *, present: Collection[int], tx: Transaction
) -> list[Duplicate | None]:
    """For each new candidate what it looks like, if it does.

    `present` posts are in the document, too: that a title is like theirs is no sign.
    """
    if not news:
        return []
    looks = [replace(candidate.looks, text=candidate.text_key) for candidate in news]
    old = tx.names.lookalikes(
        feed,
        titles={one.title for one in looks} - {""},
        texts={one.text for one in looks} - {""},
        between=_around(looks),
    )
    if not old:
        return [None] * len(news)
    found = _compare(looks, old, present=present)
    uses = tx.names.uses({one.id for one, _ in filter(None, found)})
    return [
        _suspicion(look, *match, uses=uses, present=present) if match else None
        for look, match in zip(looks, found, strict=True)
    ]


def why_doubtful(doubts: Sequence[Doubt], *, tx: Transaction) -> list[str]:
    """Why candidates are held that have a name of another story, and nothing else of it."""
    ids = {doubt.other.post.id for doubt in doubts if isinstance(doubt.other, KnownPost)}
    uses = tx.names.uses(ids) if ids else {}
    return [
        f"has the {doubt.shares} of {_named(doubt.other, uses)}, and {_other_of(doubt)}"
        for doubt in doubts
    ]


_OTHERS = {
    Shared.ADDRESS: "another title and guid",
    Shared.GUID: "another link, title and date",
}


def _other_of(doubt: Doubt) -> str:
    one_title = doubt.candidate.looks.title == doubt.other.looks.title
    return "another date and text" if one_title else _OTHERS[doubt.shares]


def _named(other: KnownPost | Candidate, uses: Mapping[int, Use]) -> str:
    if isinstance(other, KnownPost):
        return _described(_lookalike(other), uses.get(other.post.id))
    return f"'{other.entry.title}', which came with it"


def _lookalike(known: KnownPost) -> Lookalike:
    post = known.post
    decision = post.hold.decision if post.hold else None
    held = post.hold is not None
    return Lookalike(post.id, post.title, known.looks, post.backlog, held, decision)


_Match = tuple[Lookalike, Similarity]


def _compare(
    news: Sequence[Looks], old: Sequence[Lookalike], *, present: Collection[int]
) -> list[_Match | None]:
    library = _Library(news, old, present)
    found = [library.match(one) for one in news]
    alike = sum(match is not None for match in found)
    if alike >= MANY and 2 * alike >= len(found):
        found = [
            match or library.match(one, renewed=True)
            for one, match in zip(news, found, strict=True)
        ]
    return found


class _Library:
    """The old posts, ready to be compared with the new ones without comparing each with each."""

    def __init__(
        self, news: Iterable[Looks], old: Iterable[Lookalike], present: Collection[int]
    ) -> None:
        self._by_text: dict[str, list[Lookalike]] = defaultdict(list)
        self._by_title: dict[str, list[Lookalike]] = defaultdict(list)
        titles, texts = Counter[str](), Counter[str]()
        for new in news:
            titles[new.title] += 1
            texts[new.text] += 1
        used = Counter[str]()
        for one in old:
            self._by_text[one.looks.text].append(one)
            # Those that are held are doubles of others: they do not make a title an everyday one.
            used[one.looks.title] += not one.held or one.decision is Decision.RELEASED
            if one.id not in present:
                self._by_title[one.looks.title].append(one)
        self._common = {title for title in titles if titles[title] > 1 or used[title] > 1}
        self._everyday = {text for text in texts if texts[text] > 1 or len(self._by_text[text]) > 1}
        gone = [one for one in old if one.id not in present]
        dated = [(one.looks.published, one.id, one) for one in gone if one.looks.published]
        dated.sort(key=lambda each: each[:2])
        self._dates = [published for published, _, _ in dated]
        self._dated = [one for _, _, one in dated]

    def match(self, new: Looks, *, renewed: bool = False) -> _Match | None:
        """The post that a new one looks like most, and in what."""
        if new.text and new.text not in self._everyday:
            for one in self._by_text[new.text]:
                return one, Similarity.TEXT
        common = new.title in self._common
        alike = [
            one
            for one in self._by_title.get(new.title, ())
            if new.title and similarity(new, one.looks, title_is_common=common, renewed=renewed)
        ]
        if alike:
            return min(alike, key=lambda one: _distance(new, one)), Similarity.TITLE
        if new.title:
            for one in self._of_the_day(new):
                if similarity(new, one.looks, title_is_common=common) is Similarity.NEARLY:
                    return one, Similarity.NEARLY
        return None

    def _of_the_day(self, new: Looks) -> Iterable[Lookalike]:
        if new.published is None:
            return []
        first = bisect_left(self._dates, new.published - SAME_DAY)
        last = bisect_right(self._dates, new.published + SAME_DAY)
        near = sorted(self._dated[first:last], key=lambda one: _distance(new, one))
        return near[:MOST_COMPARED]


def _distance(new: Looks, old: Lookalike) -> tuple[float, int]:
    mine, its = new.published or new.seen, old.looks.published or old.looks.seen
    return abs((mine - its).total_seconds()), old.id


def _suspicion(
    new: Looks,
    old: Lookalike,
    how: Similarity,
    *,
    uses: Mapping[int, Use],
    present: Collection[int],
) -> Duplicate:
    waits = (
        old.id not in uses
        and not old.backlog
        and (not old.held or old.decision is Decision.RELEASED)
    )
    replaces = waits and old.id not in present and _is_strict(new, old, how)
    verb = "has the same text as" if how is Similarity.TEXT else "looks like"
    return Duplicate(old.id, f"{verb} {_described(old, uses.get(old.id))}", replaces)


def _is_strict(new: Looks, old: Lookalike, how: Similarity) -> bool:
    if how is not Similarity.TITLE:
        return how is Similarity.TEXT
    dated = new.published and old.looks.published
    return bool(dated) and _distance(new, old)[0] <= SAME_DAY.total_seconds()


def _described(old: Lookalike, use: Use | None) -> str:
    day = old.looks.published or old.looks.seen
    name = f"'{old.title}' of {day:%Y-%m-%d}"
    if use is not None:
        verb = "went out in" if use.state in _GONE_OUT else "is in"
        return f"{name}, which {verb} edition {use.edition_id[:8]} of {use.campaign}"
    if old.backlog:
        return f"{name}, which was in the feed before the first poll"
    if old.decision is Decision.DROPPED:
        return f"{name}, which was dropped"
    if old.held and old.decision is None:
        return f"{name}, which is held, too"
    return f"{name}, which waits for an edition"


def _around(looks: Iterable[Looks]) -> tuple[datetime, datetime] | None:
    dates = [one.published for one in looks if one.published]
    return (min(dates) - SAME_DAY, max(dates) + SAME_DAY) if dates else None


def replaced(suspicions: Iterable[Duplicate | None], *, tx: Transaction) -> dict[int, KnownPost]:
    """The posts that new ones take the place of, by id."""
    ids = {one.of for one in suspicions if one and one.replaces}
    return {known.post.id: known for known in tx.names.of(ids)} if ids else {}
