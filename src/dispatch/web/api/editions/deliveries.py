"""Who got an edition and who did not, one by one."""

from datetime import datetime

from pydantic import BaseModel, Field

from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.model.team.role import Right
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Listed, PageQuery, behind, cut
from dispatch.web.api.editions.shown import edition_of
from dispatch.web.api.operation import Operation


class DeliveriesQuery(PageQuery):
    """Which deliveries."""

    state: DeliveryState | None = Field(default=None, description="In one state only.")


class DeliveryRow(BaseModel):
    """One message to one recipient."""

    id: str = Field(examples=["4711000012"])
    channel: str = Field(examples=["mail"])
    recipient: str = Field(description="An address, or a channel's account.")
    subscriber: str | None = Field(description="The public id of the reader; null: none.")
    part: str = Field(description="Of a snippet: the post's id.")
    state: DeliveryState
    reason: str
    attempt: int
    changed: datetime
    due: datetime | None


def list_deliveries(call: Call) -> Listed[DeliveryRow]:
    """The deliveries of an edition, one by one."""
    edition, asked = edition_of(call), call.query(DeliveriesQuery)
    last = behind(asked.cursor, int)
    states = [asked.state] if asked.state else []
    with call.app.store.read() as tx:
        after, most = last[0] if last else 0, asked.limit + 1
        found = tx.delivery_pages.page(edition, states, after=after, most=most)
        page, onward = cut(found, asked.limit, lambda one: (one.id,))
        numbers = [one.subscriber_id for one in page if one.subscriber_id]
        public = tx.subscribers.public_ids(numbers)
    return Listed(items=[_row(one, public) for one in page], next=onward)


def _row(one: Delivery, public: dict[int, str]) -> DeliveryRow:
    return DeliveryRow(
        id=str(one.id),
        channel=one.channel,
        recipient=one.recipient,
        subscriber=public.get(one.subscriber_id or 0),
        part=one.part,
        state=one.state,
        reason=one.reason,
        attempt=one.attempt,
        changed=one.changed,
        due=one.due,
    )


OPERATIONS = (
    Operation(
        "GET",
        "/editions/{id}/deliveries",
        list_deliveries,
        Right.READERS,
        gives=Listed[DeliveryRow],
        query=DeliveriesQuery,
        one_picture=True,
    ),
)
