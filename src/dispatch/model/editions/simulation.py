"""What a campaign would have sent: its rules, applied to stored posts slot by slot."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from heapq import heappop, heappush
from itertools import takewhile

from dispatch.model.campaigns.new_posts import PATIENCE, NewPosts, arrival, ready_at
from dispatch.model.campaigns.schedule import Slot, slot_at
from dispatch.model.intake.already_published import AlreadyPublished
from dispatch.model.intake.post import (
    Choice,
    Decision,
    Post,
    PostRule,
    choose_in_turn,
    newest_first,
    no_room,
    published_before,
    too_few,
    why_not_now,
)


class NeverPublished(StrEnum):
    """Why no edition has a post, for totals."""

    BEFORE = "came before the first day"
    UNDATED = "in the feed before the first poll, without a date"
    DROPPED = "dropped by a person"
    HELD = "held, and nobody has decided"
    TOPICS = "none of the campaign's topics"
    PUBLISHED_BEFORE = "a story that another post told"
    AFTER = "came, or may be used, only after the last slot"
    WAITED = "left over: no slot had room, or enough of them"


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post as far as a simulation looks at it, and what its story is known by.

    `names` are those of `story_names`; `links` are those that it has, if it is this story's alone,
    and that it had.
    """

    post: Post
    names: frozenset[str]
    links: frozenset[str]


@dataclass(frozen=True, slots=True)
class SimulatedRun:
    """What a slot would have come to.

    `choices` are the posts that are in, and those that are out for a reason that no slot before
    gave. `waiting` is how many might be used and are left for the next one.
    """

    slot: Slot
    choices: tuple[Choice, ...]
    skipped: str = ""
    waiting: int = 0

    @property
    def posts(self) -> list[Post]:
        """The posts of the edition, newest first."""
        return [choice.post for choice in self.choices if choice.included]


@dataclass(frozen=True, slots=True)
class Simulation:
    """All slots, and the posts that no edition has."""

    runs: tuple[SimulatedRun, ...]
    never: tuple[tuple[Post, NeverPublished], ...]

    @property
    def editions(self) -> list[SimulatedRun]:
        """The slots that would have made an edition."""
        return [run for run in self.runs if not run.skipped]

    @property
    def published(self) -> int:
        """How many posts the editions have."""
        return sum(len(run.posts) for run in self.runs)

    @property
    def reasons(self) -> Mapping[NeverPublished, int]:
        """Why posts are in no edition, and how many; the most frequent first."""
        return dict(Counter(why for _, why in self.never).most_common())


def arrived(post: Post, met: datetime) -> datetime | None:
    """When a post came, as far as can be known; None if it cannot.

    `met` is when its feed was first polled. What was in the feed by then came when it says that it
    was published: nothing else is known of it. All others came when a poll met them.
    """
    if post.first_seen > met and not post.backlog:
        return post.first_seen
    if post.published is not None:
        return min(post.published, post.first_seen)
    return None if post.backlog else post.first_seen


def simulate(
    stored: Sequence[StoredPost],
    rule: PostRule,
    slots: Iterable[Slot],
    *,
    since: datetime,
    met: Mapping[str, datetime],
) -> Simulation:
    """Replay posts against slots, which are in order, as if the campaign had begun at `since`.

    `met` is when each feed was first polled. Each slot looks only at the posts that came since the
    one before and at those that it takes, however many there are.
    """
    replay = _Replay(stored, rule, since=since, met=met)
    return Simulation(tuple(map(replay.run, slots)), tuple(replay.left()))


def simulate_new_posts(
    stored: Sequence[StoredPost],
    rule: PostRule,
    when: NewPosts,
    *,
    since: datetime,
    end: datetime,
    met: Mapping[str, datetime],
) -> Simulation:
    """The same for a campaign that runs on new posts, until `end`: they make the slots."""
    replay = _Replay(stored, rule, since=since, met=met)
    return Simulation(tuple(_called(replay, when, since, end)), tuple(replay.left()))


def _called(
    replay: "_Replay", when: NewPosts, now: datetime, end: datetime
) -> Iterator[SimulatedRun]:
    made: list[datetime] = []
    while True:
        ready = _ready(replay, when, made, now)
        coming = replay.next_arrival
        if coming is not None and coming <= end and (ready is None or coming <= ready):
            now = max(now, coming)
            replay.look(now)
        elif ready is None or ready > end:
            return
        else:
            now = ready
            run = replay.run(slot_at(now.replace(microsecond=0), when.timezone), now=now)
            if not run.skipped:
                made.append(run.slot.moment)
            yield run


def _ready(
    replay: "_Replay", when: NewPosts, made: Sequence[datetime], now: datetime
) -> datetime | None:
    moments = replay.calling
    if not moments:
        return None
    # One that has waited for longer than any other could hold it up speaks for all.
    first = min(moments)
    known = [first] if first + PATIENCE * when.debounce <= now else moments
    back = when.looks_back(now)
    recent = list(takewhile(lambda moment: moment >= back, reversed(made)))
    return ready_at(when, known, made=recent, now=now)


@dataclass(slots=True)
class _Pool:
    """The posts that may be used, newest first."""

    heap: list[tuple[tuple[float, int], StoredPost]] = field(default_factory=list)

    def put(self, one: StoredPost) -> None:
        # The id in the key is unique: posts themselves are never compared.
        heappush(self.heap, (newest_first(one.post), one))

    def take(self) -> StoredPost:
        return heappop(self.heap)[1]


class _Replay:
    def __init__(
        self,
        stored: Sequence[StoredPost],
        rule: PostRule,
        *,
        since: datetime,
        met: Mapping[str, datetime],
    ) -> None:
        # The posts that no run has chosen, and when each may be used.
        self._calling: dict[int, tuple[datetime, StoredPost]] = {}
        self._news: list[Choice] = []
        self._rule = rule
        self._begin = since
        self._since = dict.fromkeys(met, since)
        self._never: list[tuple[Post, NeverPublished]] = []
        self._names: dict[int, frozenset[str]] = {}
        self._told = AlreadyPublished()
        self._links: set[str] = set()
        self._pool = _Pool()
        self._later: list[tuple[datetime, int, StoredPost]] = []  # a heap, too
        self._held = 0
        coming = []
        for one in stored:
            moment = arrived(one.post, met[one.post.feed])
            why = _why_never(one.post, moment, since)
            if moment is None or why is not None:
                self._never.append((one.post, why or NeverPublished.UNDATED))
                continue
            post = replace(one.post, first_seen=moment, backlog=False)
            self._names[post.id] = one.names
            coming.append(replace(one, post=post))
        # From the end, so that taking the next one is quick.
        self._coming = sorted(coming, key=lambda one: one.post.first_seen, reverse=True)

    @property
    def calling(self) -> list[datetime]:
        """When posts may be used that no run has chosen, and whose story is not published."""
        return [moment for moment, one in self._calling.values() if not self._published_by(one)]

    @property
    def next_arrival(self) -> datetime | None:
        """When the next post comes."""
        return self._coming[-1].post.first_seen if self._coming else None

    def look(self, now: datetime) -> None:
        """Take in the posts that came, or became usable, by now."""
        self._news += [*self._arrive(now), *self._ripen(now)]

    def run(self, slot: Slot, *, now: datetime | None = None) -> SimulatedRun:
        """What the next slot comes to, at its moment if no other is given."""
        now = now or slot.moment
        self.look(now)
        news, self._news = self._news, []
        taken, popped = self._take(now)
        for choice in taken:
            if choice.included:
                self._calling.pop(choice.post.id, None)
        included = sum(choice.included for choice in taken)
        if skipped := too_few(included, self._rule, held=self._held):
            for one in popped:
                self._pool.put(one)
            taken = []
        else:
            for one, choice in zip(popped, taken, strict=True):
                self._settle(one, choice)
        decided = {choice.post.id for choice in taken}
        reason = "waits: this slot has no edition" if skipped else no_room(self._rule)
        others = [
            replace(choice, included=False, reason=reason) if choice.included else choice
            for choice in news
            if choice.post.id not in decided
        ]
        return SimulatedRun(slot, (*taken, *others), skipped, len(self._pool.heap))

    def left(self) -> Iterator[tuple[Post, NeverPublished]]:
        """The posts that no edition has, and why."""
        yield from self._never
        for one in self._coming:
            yield one.post, NeverPublished.AFTER
        for _, _, one in self._later:
            yield one.post, NeverPublished.AFTER
        for _, one in self._pool.heap:
            yield (
                one.post,
                NeverPublished.PUBLISHED_BEFORE
                if self._published_by(one)
                else NeverPublished.WAITED,
            )

    def _arrive(self, now: datetime) -> Iterator[Choice]:
        """Look at the posts that came by now; those that are usable are given as included."""
        while self._coming and self._coming[-1].post.first_seen <= now:
            one = self._coming.pop()
            post = one.post
            from_when = arrival(post, self._rule, since=self._begin)
            if from_when is not None:
                self._calling[post.id] = from_when, one
            if from_when is None:
                self._held += post.awaits_decision
                why = NeverPublished.HELD if post.awaits_decision else NeverPublished.TOPICS
                self._out(post, why)
                yield Choice(post, False, why_not_now(post, self._rule, now=now) or why)
            elif from_when > now:
                heappush(self._later, (from_when, post.id, one))
                yield Choice(post, False, _why_later(post, self._rule, now))
            else:
                yield self._enter(one)

    def _ripen(self, now: datetime) -> Iterator[Choice]:
        while self._later and self._later[0][0] <= now:
            yield self._enter(heappop(self._later)[2])

    def _enter(self, one: StoredPost) -> Choice:
        if teller := self._published_by(one):
            self._out(one.post, NeverPublished.PUBLISHED_BEFORE)
            return Choice(one.post, False, published_before(teller), past=True)
        self._pool.put(one)
        return Choice(one.post, True, "new")

    def _take(self, now: datetime) -> tuple[list[Choice], list[StoredPost]]:
        """The choices of this slot, until it has all that it may have, and their posts."""
        popped: list[StoredPost] = []

        def in_turn() -> Iterator[Post]:
            while self._pool.heap:
                one = self._pool.take()
                if self._published_by(one):
                    self._out(one.post, NeverPublished.PUBLISHED_BEFORE)
                    continue
                popped.append(one)
                yield one.post

        choices: list[Choice] = []
        taken = 0
        for choice in choose_in_turn(
            in_turn(),
            self._rule,
            now=now,
            since=self._since,
            names_of=lambda post: self._names[post.id],
        ):
            choices.append(choice)
            taken += choice.included
            if taken == self._rule.at_most:
                break
        return choices, popped

    def _settle(self, one: StoredPost, choice: Choice) -> None:
        if not choice.included:  # the same story as one that is in
            self._out(one.post, NeverPublished.PUBLISHED_BEFORE)
            return
        self._told.add(one.post.feed, one.names)
        self._links |= one.links

    def _out(self, post: Post, why: NeverPublished) -> None:
        self._never.append((post, why))
        self._calling.pop(post.id, None)

    def _published_by(self, one: StoredPost) -> str:
        """The feed whose post told this one's story in an edition before, or empty."""
        other = self._told.elsewhere(one.post.feed, one.names)
        # As `Posts.unused` says it: a link that is the story's own, now or once, whatever the feed.
        has_link = not one.post.link_shared and not self._links.isdisjoint(one.links)
        return other or (one.post.feed if has_link else "")


def _why_never(post: Post, moment: datetime | None, since: datetime) -> NeverPublished | None:
    if post.hold is not None and post.hold.decision is Decision.DROPPED:
        return NeverPublished.DROPPED
    if moment is None:
        return NeverPublished.UNDATED
    return NeverPublished.BEFORE if moment < since else None


def _why_later(post: Post, rule: PostRule, now: datetime) -> str:
    reason = why_not_now(post, rule, now=now)
    return reason or f"is held: it {post.hold.reason if post.hold else ''}"
