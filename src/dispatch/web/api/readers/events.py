"""What became of mails after they were accepted, as providers told it."""

from datetime import datetime

from pydantic import BaseModel, Field

from dispatch.model.delivery.event import EventKind
from dispatch.model.team.role import Right
from dispatch.store.events.told import Told
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Listed, PageQuery, behind, cursor_of
from dispatch.web.api.operation import Operation


class EventsQuery(PageQuery):
    """Which events."""

    channel: str = Field(default="", description="By which it came.", max_length=200)
    kind: EventKind | None = Field(default=None, description="What happened.")


class EventLine(BaseModel):
    """One event, once. What is about a reader is null without the right `readers`."""

    id: str = Field(examples=["4711"])
    channel: str = Field(examples=["mail"])
    kind: EventKind = Field(examples=["bounced"])
    permanent: bool = Field(description="Nothing sent there will ever arrive.")
    at: datetime = Field(description="When it happened, as the provider says.")
    received: datetime = Field(description="When we heard of it.")
    edition: str | None = Field(description="Null: it is of no mail of an edition of ours.")
    campaign: str | None
    said: str = Field(description="The provider's word for the kind.")
    subscriber: str | None = Field(description="The id of who it was to.")
    recipient: str | None = Field(description="Their address.", examples=["ada@example.org"])
    reason: str | None = Field(description="What the provider or the mail server says.")
    url: str | None = Field(description="What was clicked.")


def list_events(call: Call) -> Listed[EventLine]:
    """What providers told, the last first.

    With `channel` or `kind` a page may have fewer than `limit`, or none, and a `next` all the same:
    no index helps with that, and each page looks through some of them.
    """
    asked = call.query(EventsQuery)
    place = behind(asked.cursor, int)
    before, most = int(place[0]) if place else 0, asked.limit + 1
    with call.app.store.read() as tx:
        if asked.channel or asked.kind is not None:
            sought = tx.events.sought(
                channel=asked.channel, kind=asked.kind, before=before, most=most
            )
            found, below = list(sought.items), sought.below
        else:
            found, below = tx.events.latest(before=before, most=most), 0
        if len(found) > asked.limit:
            found = found[: asked.limit]
            below = found[-1][0]
        ours = tx.events.deliveries(one.delivery for _, one in found if one.delivery is not None)
        numbers = [one.subscriber_id for one in ours.values() if one.subscriber_id]
        public = tx.subscribers.public_ids(numbers)
    may_see = call.may(Right.READERS)

    def line(number: int, one: Told) -> EventLine:
        of = ours.get(one.delivery or 0)
        who = public.get(of.subscriber_id or 0) if of else None
        return EventLine(
            id=str(number),
            channel=one.channel,
            kind=one.event.kind,
            permanent=one.event.permanent,
            at=one.at,
            received=one.received,
            edition=of.edition_id if of else None,
            campaign=of.campaign if of else None,
            said=one.event.said,
            subscriber=who if may_see else None,
            recipient=(of.recipient if of else one.event.recipient) if may_see else None,
            reason=one.event.reason if may_see else None,
            url=one.event.url if may_see else None,
        )

    items = [line(number, one) for number, one in found]
    return Listed(items=items, next=cursor_of(below) if below else None)


OPERATIONS = (
    Operation(
        "GET",
        "/events",
        list_events,
        Right.LOOK,
        gives=Listed[EventLine],
        query=EventsQuery,
        one_picture=True,
    ),
)
