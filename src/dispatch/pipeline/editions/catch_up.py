"""Readers who have changed their cadence get what they missed, and nothing twice.

That is seen to when an edition is addressed, before anybody has seen its deliveries. A reader moves
between the campaigns of a family, and each of those has published other posts by then. So readers
who have moved lately are looked at one by one, and so are those whom another campaign of the family
has welcomed with these posts. All others get the edition as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from dispatch.errors import Conflict
from dispatch.model.campaigns.cadence import CadenceOffer, affected_words
from dispatch.model.editions.catch_up import REACH, part_of, posts_of, what_remains
from dispatch.model.editions.edition import Edition, EditionContent, EditionState
from dispatch.model.intake.post import same_stories
from dispatch.pipeline.reviews.decide import check_approved
from dispatch.store.editions.families import Addressed, Changed, Got
from dispatch.store.transactions import Store, Transaction

log = structlog.get_logger()

DOUBT = timedelta(hours=1)
"""By how much the clocks of two machines may differ, and how long an edition is being addressed."""

PROBES = 20_000
"""Deliveries that are looked for at a time."""


def catch_up(edition: Edition, tx: Transaction, now: datetime) -> int:
    """Note in the deliveries of those who changed their cadence which posts they get.

    An edition without a family is left as it is. Returns how many deliveries were taken back, as
    there was nothing new in them for their readers.
    """
    plan = edition.content.email
    if plan is None or plan.offer is None:
        return 0
    tx.families.lock(plan.offer.family)
    before = tx.families.addressed(plan.offer.family)
    if not before:
        return 0
    own = [post.id for post in edition.content.posts]
    twice = _also_elsewhere(edition, own, before, plan.offer, tx)
    since = _looked_at_since(edition, before, twice)
    if since is None:
        return 0
    words = affected_words(tx.families.offers(plan.offer.family, since=since), plan.offer)
    changed = tx.families.who_changed(plan.audience, since=since, words=words)
    welcomes = [one.number for one in twice if one.is_welcome]
    welcomed = tx.families.who_were_welcomed(plan.audience, welcomes) if welcomes else []
    people = list({one.id: one for one in (*changed, *welcomed)}.values())
    mine = {one.reader: one for one in _got([edition.number], people, tx)}
    moved = [one for one in people if one.id in mine]
    if not moved:
        return 0
    past = _past(edition, own, before, plan.offer, tx=tx, now=now)
    parts: list[tuple[int, str]] = []
    nothing: list[int] = []
    for reader, had in _what_they_had(moved, past, tx):
        posts = what_remains(own, past.missed(reader, had), had, past.stories)
        delivery = mine[reader.id].delivery
        if list(posts) == own:
            continue  # also where it has no posts at all, and tells so
        if posts:
            parts.append((delivery, part_of(posts)))
        else:
            nothing.append(delivery)
    tx.families.set_parts(parts)
    tx.families.remove(nothing)
    return len(nothing)


def approved_before(edition: Edition, *, store: Store) -> Iterator[EditionContent]:
    """What readers of an edition may catch up from, newest first: all that was approved (P4)."""
    for one in edition.content.earlier:
        with store.read() as tx:
            found = tx.editions.get(one)
        if found.approved_fingerprint == found.fingerprint:
            yield found.content


@dataclass(slots=True)
class _Past:
    """What the family has published.

    `earlier` are the editions to catch up from, newest first. `others` are all in which a reader
    may have had one of the posts.
    """

    earlier: Sequence[Addressed]
    others: Sequence[Addressed]
    posts: Mapping[int, Sequence[int]]  # by the number of the edition
    stories: Mapping[int, int]
    tx: Transaction
    _approved: dict[int, bool] = field(default_factory=dict)

    def missed(self, reader: Changed, had: set[int]) -> Iterator[Sequence[int]]:
        """The posts of each edition that went to others since the reader joined."""
        for one in self.earlier:
            posts = self.posts.get(one.number, ())
            if one.at < reader.joined or all(self.stories[post] in had for post in posts):
                continue
            if self._is_approved(one):
                yield posts

    def _is_approved(self, one: Addressed) -> bool:
        if one.number not in self._approved:
            try:
                check_approved(self.tx.editions.get(one.id))
                self._approved[one.number] = True
            except Conflict as error:
                log.warning("edition.not_caught_up", problem=str(error))
                self._approved[one.number] = False
        return self._approved[one.number]


def _also_elsewhere(
    edition: Edition,
    own: Sequence[int],
    before: Sequence[Addressed],
    offer: CadenceOffer,
    tx: Transaction,
) -> list[Addressed]:
    """Those of other campaigns of the family that had one of these posts."""
    with_these = tx.families.editions_with(offer.family, set(_like(edition, own, tx)))
    return [one for one in before if one.number in with_these and one.campaign != edition.campaign]


def _looked_at_since(
    edition: Edition, before: Sequence[Addressed], twice: Sequence[Addressed]
) -> datetime | None:
    """The moment before which a change of cadence makes nobody get a post twice, or miss one.

    Twice: since another campaign of the family had one of these posts. Missed: since the last
    edition of this campaign, with which they were looked at already. None where nobody can.
    """
    # Who caught up with one that was cancelled may have got nothing of it, and with a welcome
    # nobody catches up.
    gone_out = (
        one for one in before if one.state is not EditionState.CANCELLED and not one.is_welcome
    )
    ours = [one for one in gone_out if one.campaign == edition.campaign]
    # When they were made, and not when they went out: that is what the offer in them is from.
    moments = [one.created for one in (*twice, *_from_last_complete(ours))]
    return min(moments) - DOUBT if moments else None


def _from_last_complete(ours: Sequence[Addressed]) -> Sequence[Addressed]:
    """The last edition that knew of all that were addressed before it, and those after it.

    One that had to wait for approval does not know of those that were made meanwhile.
    """
    latest, start = None, 0
    for index, one in enumerate(ours):
        if latest is None or one.created >= latest:
            start, latest = index, one.created
    return ours[start:]


def _past(
    edition: Edition,
    own: Sequence[int],
    before: Sequence[Addressed],
    offer: CadenceOffer,
    *,
    tx: Transaction,
    now: datetime,
) -> _Past:
    named = set(edition.content.earlier)
    earlier = [
        one
        for one in reversed(before)
        if one.id in named and one.at >= now - REACH and one.state is not EditionState.CANCELLED
    ]
    theirs = tx.families.posts_in([one.number for one in earlier])
    ids = {*own, *(post for posts in theirs.values() for post in posts)}
    with_these = tx.families.editions_with(offer.family, set(_like(edition, sorted(ids), tx)))
    first = min((one.at for one in before if one.number in with_these), default=now)
    # Also those that only caught up with such a post: its readers have it from there.
    others = [one for one in before if one.at >= first]
    posts = tx.families.posts_in([one.number for one in others])
    ids.update(post for some in posts.values() for post in some)
    return _Past(earlier, others, posts, same_stories(tx.posts.some(ids)), tx)


def _like(edition: Edition, ids: Sequence[int], tx: Transaction) -> Iterator[int]:
    """These posts, and those of other feeds with the same story."""
    yield from ids
    feeds = [feed.name for feed in edition.content.feeds]
    if len(feeds) > 1:
        stories = same_stories(tx.families.posts_like(ids, feeds))
        ours = {stories[one] for one in ids}
        yield from (one for one, story in stories.items() if story in ours)


def _what_they_had(
    people: Sequence[Changed], past: _Past, tx: Transaction
) -> Iterator[tuple[Changed, set[int]]]:
    """Each reader with the stories that they have had from the family."""
    numbers = [one.number for one in past.others]
    size = max(1, PROBES // max(1, len(numbers)))
    for start in range(0, len(people), size):
        some = people[start : start + size]
        had: dict[int, set[int]] = {one.id: set() for one in some}
        for got in _got(numbers, some, tx):
            if got.received:
                posts = posts_of(got.part) or past.posts.get(got.edition, ())
                had[got.reader].update(past.stories.get(post, post) for post in posts)
        for one in some:
            yield one, had[one.id]


def _got(numbers: Sequence[int], people: Sequence[Changed], tx: Transaction) -> Iterator[Got]:
    size = max(1, PROBES // max(1, len(numbers)))
    for start in range(0, len(people), size):
        some = [one.id for one in people[start : start + size]]
        yield from tx.families.got(numbers, some)
