"""An edition that is going out to a few people, with hands on all that can happen to it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from dispatch.channels.opened import Channel
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.delivery.message import Message
from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.model.editions.edition import Edition
from dispatch.pipeline.delivery.deliver import DeliveryReport, deliver_edition, report_deliveries
from dispatch.pipeline.delivery.pause import cancel_edition, go_on_with_edition, pause_edition
from dispatch.pipeline.delivery.reconcile import settle_what_was_left
from dispatch.pipeline.workspace.guard import Guard
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock
from dispatch.testing.fakes import RecordingProvider
from pipeline_samples import CAMPAIGN, GUARD, LINKS, addressed_edition, channel

LEASE = timedelta(minutes=2)
PEOPLE = ("ada@example.org", "bob@example.org", "eve@example.org", "zoe@example.org")


class Killed(BaseException):
    """The process ends here."""


@dataclass(slots=True)
class DeliveryStage:
    """One edition of four mails, handed over one by one, as SMTP has it."""

    store: Store
    clock: FakeClock
    provider: RecordingProvider = field(default_factory=RecordingProvider)
    batch: int = 1
    drops_repeats_for: timedelta = timedelta(0)
    edition_id: str = ""
    guard: Guard = GUARD

    def address(self, campaign: Campaign = CAMPAIGN, people: tuple[str, ...] = PEOPLE) -> Edition:
        """Have an edition approved and addressed."""
        edition = addressed_edition(self.store, self.clock, people, campaign)
        self.edition_id = edition.id
        return edition

    @property
    def edition(self) -> Edition:
        with self.store.read() as tx:
            return tx.editions.get(self.edition_id)

    def deliver(self) -> DeliveryReport:
        """Go through all that is due."""
        return deliver_edition(
            self.edition,
            store=self.store,
            open_channel=lambda _: self._channel(),
            guard=self.guard,
            links=LINKS,
            clock=self.clock,
            lease=LEASE,
        )

    def deliver_until_the_end(self, *pauses: timedelta) -> DeliveryReport:
        """Go through it again and again, with these pauses."""
        for pause in pauses:
            self.deliver()
            self.clock.advance(pause)
        return self.deliver()

    def pause(self) -> Edition:
        return pause_edition(
            self.edition_id, reason="the first link is dead", store=self.store, clock=self.clock
        )

    def go_on(self) -> Edition:
        return go_on_with_edition(self.edition_id, store=self.store, clock=self.clock)

    def cancel(self) -> Edition:
        return cancel_edition(
            self.edition_id, reason="a mistake", store=self.store, clock=self.clock
        )

    def reconcile(self) -> None:
        """What every node does now and then."""
        settle_what_was_left(
            store=self.store,
            clock=self.clock,
            lease=LEASE,
            window_of=lambda _: self.drops_repeats_for,
        )

    def during_call(self, number: int, act: Callable[[], object]) -> None:
        """Have something happen while the provider has this call's messages; it may raise."""
        send, calls = self.provider.send, []

        def send_and_act(batch: list[Message]) -> object:
            calls.append(batch)
            outcomes = send(batch)
            if len(calls) == number:
                act()
            return outcomes

        self.provider.send = send_and_act

    @property
    def counts(self) -> dict[DeliveryState, int]:
        report = report_deliveries(self.edition_id, store=self.store, now=self.clock())
        return report.counts

    def deliveries(self, state: DeliveryState) -> list[Delivery]:
        with self.store.read() as tx:
            return list(tx.deliveries.latest(states=[state]))

    @property
    def is_all_put_away(self) -> bool:
        """Whether no batch is left that somebody might take."""
        with self.store.read() as tx:
            return not tx.batches.unfinished_in(self.edition.state)

    def _channel(self) -> Channel:
        one = channel(self.provider)
        declared = replace(
            one.capabilities, batch=self.batch, idempotent_for=self.drops_repeats_for
        )
        return replace(one, capabilities=declared)
