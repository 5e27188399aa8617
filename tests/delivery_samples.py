"""A delivery in the middle of its hand-over, as tests of the core begin with."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.store.delivery.item import Item
from dispatch.testing.clock import FakeClock


def in_hand(number: int = 1, *, changed: datetime | None = None, **values: Any) -> Delivery:
    """The delivery of this number: for a reader of the same one, by mail, at the first attempt."""
    delivery = Delivery(
        id=number,
        edition_id="e1",
        channel="mail",
        recipient=f"r{number}@example.org",
        part="",
        subscriber_id=number,
        state=DeliveryState.SENDING,
        attempt=1,
        fence=3,
        changed=changed or FakeClock()(),
    )
    return replace(delivery, **values)


def item_for(number: int = 1, **values: Any) -> Item:
    """The row of that delivery while it waits."""
    given = {"channel": "mail", "recipient": f"r{number}@example.org", "part": "", "attempt": 0}
    return Item(id=number, subscriber_id=number, **{**given, **values})
