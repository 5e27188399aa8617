"""Feeds and posts of an opened workspace."""

from collections.abc import Iterable, Iterator
from functools import partial

from dispatch.app.tools import Tools
from dispatch.feeds.pages.discover import FoundFeed, find_feeds
from dispatch.feeds.pages.robots import Robots
from dispatch.feeds.pages.visit import visit_page
from dispatch.pipeline.intake.make_due import make_due
from dispatch.pipeline.intake.poll import PollReport, Wanted, always, is_due, poll_feeds
from dispatch.pipeline.websub.receive_notification import make_feeds_due
from dispatch.pipeline.websub.renew_subscriptions import RenewalReport, renew_subscriptions


class Intake:
    """Asks feeds what is new, and hubs to say when."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._robots = Robots()

    def poll(
        self, names: Iterable[str] | None = None, *, wanted: Wanted = always
    ) -> Iterator[PollReport]:
        """Poll those of these feeds that are wanted; all feeds without names.

        A report as each is done; one feed's trouble stops no other.
        """
        feeds = self._tools.files.workspace.feeds
        return self._poll(feeds if names is None else names, wanted=wanted)

    def poll_now(self, name: str, *, by: str) -> PollReport:
        """Poll one feed because a person wants it, which is on record."""
        tools = self._tools
        with tools.store.begin() as tx:
            tx.audit.add("feed.poll", by=by, now=tools.clock(), kind="feed", subject=name)
        [report] = self.poll([name])
        return report

    def poll_soon(self, *, by: str) -> int:
        """Have all feeds polled at the next tick of whichever node; how many."""
        tools = self._tools
        names = tools.files.workspace.feeds
        return make_due(list(names), by=by, store=tools.store, clock=tools.clock)

    def poll_due(self) -> Iterator[PollReport]:
        """Poll the feeds whose time has come, unless another machine is at it."""
        return self._poll(self._tools.files.workspace.feeds, wanted=is_due, claim=True)

    def find_feeds(self, address: str) -> tuple[FoundFeed, ...]:
        """The feeds of the site that a page's address is of; raises a FeedError without any."""
        tools = self._tools
        return find_feeds(
            address,
            http=tools.feed_http(),
            folder=tools.files.folder,
            clock=tools.clock,
            limits=tools.feed_limits,
            parse=tools.parse,
        )

    def renew_subscriptions(self) -> Iterator[RenewalReport]:
        """Subscribe at the hubs that feeds name, renew, and leave; some of it at a time."""
        tools = self._tools
        return renew_subscriptions(
            tools.files.workspace.feeds,
            store=tools.store,
            http=tools.feed_http(),
            callbacks=tools.callbacks,
            clock=tools.clock,
            rng=tools.rng,
            keep_going=tools.keep_going,
        )

    def make_feeds_due(self) -> int:
        """Make the feeds due whose hubs said that there is something new; how many."""
        return make_feeds_due(store=self._tools.store, clock=self._tools.clock)

    def _poll(
        self, names: Iterable[str], *, wanted: Wanted, claim: bool = False
    ) -> Iterator[PollReport]:
        tools = self._tools
        with tools.store.read() as tx:
            notified = tx.websub_subscriptions.working(tools.clock())
        return poll_feeds(
            [tools.files.workspace.feeds[name] for name in dict.fromkeys(names)],
            wanted=wanted,
            store=tools.store,
            http=tools.feed_http(),
            folder=tools.files.folder,
            clock=tools.clock,
            rng=tools.rng,
            limits=tools.feed_limits,
            parse=tools.parse,
            notified=notified,
            claim=claim,
            keep_going=tools.keep_going,
            visit=partial(
                visit_page,
                http=tools.feed_http(),
                folder=tools.files.folder,
                clock=tools.clock,
                robots=self._robots,
                read=tools.read_page,
                limits=tools.feed_limits,
            ),
        )
