"""Editions that go to a network by posts, and the network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from dispatch.channels.opened import Channel
from dispatch.channels.provider import Capabilities, Carries
from dispatch.model.campaigns.campaign import Campaign, SocialPlan
from dispatch.model.delivery.message import Accepted, Outcome, SocialMessage
from dispatch.model.delivery.published import PublishedRow
from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.model.editions.edition import Edition
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.delivery.deliver import DeliveryReport, deliver_edition
from dispatch.pipeline.delivery.find_lost import find_lost
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock
from dispatch.testing.fakes import RecordingProvider
from pipeline_samples import GUARD, LINKS, compose, entry, keep

LEASE = timedelta(minutes=2)
MINUTE = timedelta(minutes=1)


class Network(RecordingProvider):
    """Tells where a post is, and takes one at a time; nobody can look what stands there."""

    capabilities = Capabilities(
        carries=frozenset({Carries.SOCIAL}),
        source="https://example.org/network",
        evidence="live",
    )

    def send(self, batch: Sequence[SocialMessage]) -> Sequence[Outcome]:
        [outcome] = super().send(batch)
        if isinstance(outcome, Accepted) and not outcome.address:
            outcome = replace(outcome, address=address_of(batch[0]))
        return [outcome]


class ListingNetwork(Network):
    """Lists its posts, unless it has to raise what is in `troubles`."""

    def __init__(self) -> None:
        super().__init__()
        self.troubles: list[Exception] = []
        self.asked_since: list[datetime] = []

    def find(self, message: SocialMessage, since: datetime) -> Accepted | None:
        self.asked_since.append(since)
        if self.troubles:
            raise self.troubles.pop()
        found = [one for one in self.taken if one.text == message.text]
        return Accepted(f"found-{found[0].id}", address_of(found[0])) if found else None


def address_of(message: SocialMessage) -> str:
    return f"https://network.example/@acme/{message.id}"


@dataclass(slots=True)
class NetworkStage:
    """Campaigns over the channel `toots`, and others where a test adds them."""

    store: Store
    clock: FakeClock
    provider: Network = field(default_factory=Network)
    spacing: timedelta = timedelta(0)
    budget: int | None = None
    drops_repeats_for: timedelta = timedelta(0)
    accounts: dict[str, str] = field(default_factory=dict)

    def publish(
        self,
        *posts: str,
        plan: SocialPlan | None = None,
        name: str = "e1",
        again: bool = False,
        **changes: object,
    ) -> Edition:
        """Have an edition of new posts approved and addressed, of a campaign of its own.

        With `again` it has all posts that were there before, too.
        """
        campaign = Campaign(
            name, ("blog",), "The Letter", social=(plan or SocialPlan("toots", "plain"),)
        )
        with self.store.begin() as tx:
            since = self.clock() - timedelta(days=1) if again else self.clock()
            tx.feeds.follow(name, ["blog"], now=since)
        # The first is the oldest, and is told first.
        for one in posts:
            self.clock.advance(timedelta(microseconds=1))
            keep(self.store, entry(one), now=self.clock())
        made = compose(self.store, self.clock, replace(campaign, **changes), name)
        return self.address(made.edition.id)

    def address(self, edition_id: str) -> Edition:
        return address_edition(
            edition_id, store=self.store, clock=self.clock, spacing_of=lambda _: self.spacing
        )

    def deliver(
        self, edition_id: str = "e1", *, wait: Callable[[float], object] | None = None
    ) -> DeliveryReport:
        """Go through all that is due."""
        with self.store.read() as tx:
            edition = tx.editions.get(edition_id)
        return deliver_edition(
            edition,
            store=self.store,
            open_channel=self.channel,
            guard=GUARD,
            links=LINKS,
            clock=self.clock,
            lease=LEASE,
            wait=wait,
        )

    def deliver_all(self, edition_id: str = "e1") -> list[datetime]:
        """Go on whenever something is due, until all is out; when each post was taken."""
        moments = []
        while True:
            before = len(self.provider.taken)
            report = self.deliver(edition_id)
            moments += [self.clock()] * (len(self.provider.taken) - before)
            if report.waiting_until is None:
                return moments
            self.clock.now = report.waiting_until

    def find(self) -> int:
        return find_lost(store=self.store, clock=self.clock, open_channel=self.channel, links=LINKS)

    def channel(self, name: str) -> Channel:
        declared = replace(
            self.provider.capabilities,
            spacing=self.spacing,
            idempotent_for=self.drops_repeats_for,
        )
        return Channel(
            name,
            "network",
            self.provider,
            declared,
            account_mark=self.accounts.get(name, "a" * 64),
            posts_per_month=self.budget,
        )

    def deliveries(self, state: DeliveryState | None = None) -> list[Delivery]:
        with self.store.read() as tx:
            return list(tx.deliveries.latest(states=[state] if state else []))

    def published(self, number: int = 1) -> list[PublishedRow]:
        with self.store.read() as tx:
            return tx.published.of_edition(number)

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.provider.taken]
