"""Editions that went out to a few people, and what is told of their mails afterwards."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from delivery_stage import PEOPLE, DeliveryStage
from dispatch.model.delivery.event import Event, EventKind
from dispatch.model.delivery.state import Delivery
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.events.record import Recorded, record_events
from dispatch.pipeline.people.endings import Endings
from pipeline_samples import ENDINGS, compose, entry, keep, subscribe


@dataclass(slots=True)
class Aftermath(DeliveryStage):
    """What a test tells comes by the channel 'mail'."""

    endings: Endings = ENDINGS
    made: int = 0

    def begin(self, **options: Any) -> None:
        """Have one more edition wait to go out, a day after the one before."""
        self.made += 1
        self.clock.advance(timedelta(days=1))
        subscribe(self.store, self.clock, *(() if self.made > 1 else PEOPLE))
        keep(self.store, entry(f"post {self.made}"), now=self.clock())
        made = compose(self.store, self.clock, name=f"e{self.made}", **options).edition
        self.edition_id = made.id
        address_edition(made.id, store=self.store, clock=self.clock)

    def send(self, **options: Any) -> dict[str, Delivery]:
        """Have one more edition go out; its deliveries by address."""
        self.begin(**options)
        self.deliver_until_the_end()
        return self.mails

    @property
    def mails(self) -> dict[str, Delivery]:
        """The deliveries of the edition, by address."""
        with self.store.read() as tx:
            return {one.recipient: one for one in tx.deliveries.latest(edition=self.edition)}

    def tell(self, *events: Event, channel: str = "mail") -> Recorded:
        """Have events recorded."""
        tools = {"store": self.store, "clock": self.clock, "endings": self.endings}
        return record_events(events, channel=channel, **tools)


def told(delivery: Delivery, kind: EventKind = EventKind.DELIVERED, **values: Any) -> Event:
    """An event that names a delivery as our message did."""
    return Event(kind=kind, delivery=f"{delivery.edition_id}.{delivery.id}", **values)
