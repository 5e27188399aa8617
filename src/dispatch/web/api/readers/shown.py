"""Readers as programs see them."""

from datetime import datetime

from pydantic import BaseModel, Field

from dispatch.model.delivery.event import Later
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.people.record import Word
from dispatch.model.people.subscriber import SubscriptionState, Suppression
from dispatch.model.people.suppression import target_of
from dispatch.store.delivery.received import Received
from dispatch.store.events.later import CameLater
from dispatch.store.people.consents import Standing
from dispatch.store.people.finding import Found
from dispatch.web.team.readers.suppressions import id_of

ID = "0f8fad5bd9cb469fa165708672895044"


class Subscription(BaseModel):
    """Where somebody's consent to one audience stands."""

    audience: str = Field(examples=["readers"])
    state: SubscriptionState = Field(examples=["active"])
    since: datetime = Field(examples=["2026-03-02T08:00:00Z"])
    until: datetime | None = Field(
        default=None, description="Of a pause: when it ends by itself.", examples=[None]
    )


class SubscriberLine(BaseModel):
    """Somebody, as lists show them."""

    id: str = Field(description="Who they are in addresses of ours.", examples=[ID])
    email: str = Field(examples=["ada@example.org"])
    name: str = Field(description="Empty where it is not known.", examples=["Ada"])
    locale: str = Field(description="Their language, likewise.", examples=["fr"])
    suppressed: bool = Field(description="Whether their address is never mailed.")
    subscriptions: list[Subscription] = Field(description="Also those that have ended.")


class SaidWord(BaseModel):
    """One word of the record of what somebody agreed to, or took back."""

    at: datetime = Field(description="When it was said, or else when we heard of it.")
    recorded: datetime = Field(description="When we heard of it.")
    what: str = Field(description="What it made of the subscription.", examples=["active"])
    audience: str = Field(description="Empty: it is about them.", examples=["readers"])
    source: str = Field(description="On what ground.", examples=["form newsletter"])
    form: str = Field(description="The form by which they said it, if any.")
    page: str = Field(description="Where that form stood.")
    text: str = Field(description="The text that they agreed to.")
    confirmed: str = Field(description="How we know that it was they.")
    email: str = Field(description="Their address as it was then.")


class CameOf(BaseModel):
    """What was told of a delivery after it was accepted."""

    state: Later = Field(examples=["delivered"])
    at: datetime
    reason: str = Field(description="In the provider's words.")


class ReceivedMail(BaseModel):
    """One delivery to somebody."""

    edition: str = Field(description="The edition's id.", examples=[ID])
    campaign: str = Field(examples=["weekly"])
    channel: str = Field(examples=["mail"])
    address: str = Field(description="To which it went.", examples=["ada@example.org"])
    state: DeliveryState = Field(examples=["accepted"])
    since: datetime
    reason: str = Field(description="Why, where it was refused.")
    later: CameOf | None = Field(description="What says most of all that was told since.")


class SuppressionLine(BaseModel):
    """An address or a domain to which nothing goes."""

    id: str = Field(description="Its part of an address.", examples=["YWRhQGV4YW1wbGUub3Jn"])
    target: str = Field(
        description="An address, @example.org, or *.example.org for all below it.",
        examples=["ada@example.org"],
    )
    reason: str = Field(examples=["hard bounce"])
    source: str = Field(description="Who said so.", examples=["channel mail"])
    since: datetime
    for_good: bool = Field(
        description="Whether it takes `sure` to lift it: they have complained, or said never."
    )
    asked: datetime | None = Field(
        default=None, description="Since when they ask for it to be lifted.", examples=[None]
    )


class Subscriber(SubscriberLine):
    """All that the team sees of somebody."""

    timezone: str = Field(examples=["Europe/Paris"])
    topics: list[str] = Field(examples=[["ai"]])
    cadence: str = Field(description="Empty: what campaigns give.", examples=["weekly"])
    cadence_own: bool = Field(description="Whether they chose it themselves.")
    fields: dict[str, str] = Field(description="What files and forms say beside that.")
    record: list[SaidWord] = Field(description="The last word first.")
    deliveries: list[ReceivedMail] = Field(description="The last 20, the newest first.")
    suppression: SuppressionLine | None


def line_of(found: Found) -> SubscriberLine:
    """Somebody in a list."""
    person = found.subscriber
    return SubscriberLine(
        id=person.public_id,
        email=person.email,
        name=person.name,
        locale=person.locale,
        suppressed=found.suppressed,
        subscriptions=list(map(subscription_of, found.standing)),
    )


def subscription_of(one: Standing) -> Subscription:
    """Where they stand in an audience."""
    return Subscription(audience=one.audience, state=one.state, since=one.since, until=one.until)


def word_of(word: Word, text: str) -> SaidWord:
    """A word on record; `text` is what they agreed to."""
    return SaidWord(
        at=word.at,
        recorded=word.recorded,
        what=word.state,
        audience=word.audience,
        source=word.source,
        form=word.form,
        page=word.page,
        text=text,
        confirmed=word.confirmed,
        email=word.trace.email,
    )


def received_of(one: Received, later: CameLater | None) -> ReceivedMail:
    """A delivery to them."""
    came = CameOf(state=later.state, at=later.at, reason=later.reason) if later else None
    return ReceivedMail(
        edition=one.edition_id,
        campaign=one.campaign,
        channel=one.channel,
        address=one.recipient,
        state=one.state,
        since=one.changed,
        reason=one.reason,
        later=came,
    )


def suppression_of(one: Suppression, asked: datetime | None = None) -> SuppressionLine:
    """A suppression."""
    target = target_of(one.email)
    return SuppressionLine(
        id=id_of(target),
        target=one.email,
        reason=one.reason,
        source=one.source,
        since=one.since,
        for_good=one.is_for_good,
        asked=asked,
    )
