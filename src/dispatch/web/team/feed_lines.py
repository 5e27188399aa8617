"""How feeds are, as the team's pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.feeds.web.address import shown
from dispatch.model.intake.feed import Feed
from dispatch.pipeline.intake.feed_state import state_of
from dispatch.store.intake.feeds import FeedMemory
from dispatch.web.team.visit import Visit

WEEKS = 12
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A feed with what is remembered of it; `weeks` are posts a week, the oldest first."""

    feed: Feed
    memory: FeedMemory
    state: str
    weeks: tuple[int, ...]
    campaigns: tuple[tuple[str, str], ...]  # name and title

    @property
    def title(self) -> str:
        """What readers call it, or what it calls itself."""
        return self.feed.title or self.memory.title or self.feed.name

    @property
    def address(self) -> str:
        """Where it is, without what is secret of it."""
        return shown(self.memory.address).partition("://")[2] or shown(self.memory.address)

    @property
    def a_week(self) -> int:
        """About how many posts a week, where it has one or more of them; else 0."""
        habit = self.memory.habit
        return round(WEEK / habit.usual) if habit and timedelta(0) < habit.usual <= WEEK else 0

    @property
    def days_apart(self) -> int:
        """About how many days lie between two posts, where that is more than a week; else 0."""
        habit = self.memory.habit
        return habit.usual // timedelta(days=1) if habit and habit.usual > WEEK else 0


def feed_lines(
    visit: Visit, feeds: Sequence[Feed], memories: Sequence[FeedMemory]
) -> list[FeedLine]:
    """The lines of these feeds, in their order."""
    since = visit.now - WEEKS * WEEK
    with visit.app.store.read() as tx:
        moments = tx.inbox.moments([feed.name for feed in feeds], since=since)
    return [
        FeedLine(
            feed,
            memory,
            state_of(memory, visit.now),
            _weeks(moments.get(feed.name, ()), now=visit.now),
            campaigns_of(visit, feed.name),
        )
        for feed, memory in zip(feeds, memories, strict=True)
    ]


def campaigns_of(visit: Visit, feed: str) -> tuple[tuple[str, str], ...]:
    """The campaigns that use a feed, by name and title."""
    campaigns = visit.app.workspace.campaigns.values()
    return tuple((one.name, one.title) for one in campaigns if feed in one.feeds)


def by_name(visit: Visit, names: Sequence[str]) -> Mapping[str, FeedMemory]:
    """What is remembered of each of these feeds of the file."""
    feeds = [visit.app.workspace.feeds[name] for name in names]
    with visit.app.store.read() as tx:
        return dict(zip(names, tx.feeds.memories(feeds), strict=True))


def _weeks(moments: Sequence[datetime], *, now: datetime) -> tuple[int, ...]:
    weeks = [0] * WEEKS
    for moment in moments:
        ago = (now - moment) // WEEK
        if 0 <= ago < WEEKS:
            weeks[WEEKS - 1 - ago] += 1
    return tuple(weeks)
