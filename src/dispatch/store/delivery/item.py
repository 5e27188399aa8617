"""A delivery that is due, with the reader it is for, as the database gives them: one row.

It stays a row until something goes wrong. To make a `Delivery` and a `Subscriber` of each takes a
tenth of what a mail costs.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from dispatch.model.delivery.batch import Batch
from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.model.people.subscriber import Subscriber


class Item(NamedTuple):
    """The columns of a batch's statement `items`, in their order; a `Profile` of its reader.

    `subscriber_id` is None for a snippet, which has no reader: then all behind `repeats_kept` is
    None. `attempt` is how often it was handed over by now. What ends in `kept` is as the database
    keeps it.
    """

    id: int
    channel: str
    recipient: str
    part: str
    subscriber_id: int | None
    attempt: int
    repeats_kept: Any = None
    email: str = ""
    name: str = ""
    locale: str = ""
    timezone: str = ""
    topics_kept: Any = "[]"
    cadence: str = ""
    fields_kept: Any = "{}"
    public_id: str = ""
    link_version: int = 0

    @property
    def repeats_until(self) -> datetime | None:
        """Until when the provider drops a repeat, after a lost answer."""
        kept = self.repeats_kept
        if kept is None or isinstance(kept, datetime):
            return kept
        return datetime.fromisoformat(f"{kept}+00:00")

    @property
    def topics(self) -> tuple[str, ...]:
        """What the reader has chosen."""
        kept = self.topics_kept
        return _topics(kept) if isinstance(kept, str) else tuple(kept)

    @property
    def fields(self) -> Mapping[str, str]:
        """What else is known of the reader; to be read only."""
        kept = self.fields_kept
        fields: Mapping[str, str] = _fields(kept) if isinstance(kept, str) else kept
        return fields

    @property
    def subscriber(self) -> Subscriber:
        """The reader, where there is one."""
        return Subscriber(
            self.subscriber_id or 0,
            self.email,
            self.name,
            self.locale,
            self.timezone,
            self.topics,
            self.cadence,
            dict(self.fields),
            self.public_id,
            self.link_version,
        )

    def delivery(self, batch: Batch, now: datetime) -> Delivery:
        """The delivery as it stands once it is handed over by who holds the batch."""
        return Delivery(
            id=self.id,
            edition_id=batch.edition_id,
            channel=self.channel,
            recipient=self.recipient,
            part=self.part,
            subscriber_id=self.subscriber_id,
            state=DeliveryState.SENDING,
            attempt=self.attempt + 1,
            fence=batch.fence,
            changed=now,
            repeats_until=self.repeats_until,
        )


@lru_cache(maxsize=1024)
def _topics(kept: str) -> tuple[str, ...]:
    return tuple(json.loads(kept))  # most people have the same, or none


@lru_cache(maxsize=1024)
def _fields(kept: str) -> Mapping[str, str]:
    fields: Mapping[str, str] = json.loads(kept)
    return fields
