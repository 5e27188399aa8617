# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of subscribers."""

from typing import Any, Literal, NotRequired, TypedDict

from dispatch.client.shapes.common import DeliveryState, SuppressionLine


class Because(TypedDict):
    """Why."""

    reason: str


Cadence = Literal["each post", "daily", "weekly", "monthly"]
"""How often something comes; the words of the file, of readers, and of the database."""


Later = Literal["deferred", "delivered", "dropped", "bounced softly", "bounced", "complained"]
"""What came later of a delivery; it stands beside its state, which stays as it was."""


class CameOf(TypedDict):
    """What was told of a delivery after it was accepted."""

    state: Later
    at: str
    reason: str
    """In the provider's words."""


class Ending(TypedDict):
    """Which subscriptions of somebody end."""

    audiences: list[str]
    why: str
    """How they asked for it: it goes on record."""


class Erasure(TypedDict):
    """That somebody was erased; the number names nobody."""

    number: str
    at: str
    fields: int
    """How much was known of them."""
    subscriptions: int
    """How many ended by it."""
    deliveries: int
    """How many say no longer whose they were."""


class NewSubscriber(TypedDict):
    """Somebody who has agreed already, as whoever calls has it noted under their own name."""

    email: str
    audience: str
    source: str
    """How they agreed: it goes on record, with who noted it."""
    name: NotRequired[str]
    locale: NotRequired[str]
    timezone: NotRequired[str]
    topics: NotRequired[list[str]]
    cadence: NotRequired[str]
    consented_at: NotRequired[str | None]
    """When they agreed; null: now."""
    again: NotRequired[bool]
    """They had left, and ask for it again: nothing else brings them."""


class Noted(TypedDict):
    """What somebody has told of themselves. What is left out stays."""

    source: str
    """On whose word."""
    name: NotRequired[str | None]
    locale: NotRequired[str | None]
    timezone: NotRequired[str | None]
    topics: NotRequired[list[str] | None]


class Often(TypedDict):
    """How often somebody wants what they get."""

    cadence: Cadence | None
    """null: what a file says, or else what campaigns give."""


class PersonFile(TypedDict):
    """All that the database holds about somebody, for them to take with them."""

    form: int
    """The version of the form, which only ever gains keys."""
    profile: dict[str, Any]
    subscriptions: list[dict[str, Any]]
    record: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]


class Profile(TypedDict):
    """What somebody has told of themselves."""

    name: str
    locale: str
    timezone: str
    topics: list[str]


class ReceivedMail(TypedDict):
    """One delivery to somebody."""

    edition: str
    """The edition's id."""
    campaign: str
    channel: str
    address: str
    """To which it went."""
    state: DeliveryState
    since: str
    reason: str
    """Why, where it was refused."""
    later: CameOf | None
    """What says most of all that was told since."""


class SaidWord(TypedDict):
    """One word of the record of what somebody agreed to, or took back."""

    at: str
    """When it was said, or else when we heard of it."""
    recorded: str
    """When we heard of it."""
    what: str
    """What it made of the subscription."""
    audience: str
    """Empty: it is about them."""
    source: str
    """On what ground."""
    form: str
    """The form by which they said it, if any."""
    page: str
    """Where that form stood."""
    text: str
    """The text that they agreed to."""
    confirmed: str
    """How we know that it was they."""
    email: str
    """Their address as it was then."""


SubscriptionState = Literal["pending", "active", "paused", "ended"]
"""Where a person's consent to one audience stands."""


class Subscription(TypedDict):
    """Where somebody's consent to one audience stands."""

    audience: str
    state: SubscriptionState
    since: str
    until: NotRequired[str | None]
    """Of a pause: when it ends by itself."""


class Subscriber(TypedDict):
    """All that the team sees of somebody."""

    id: str
    """Who they are in addresses of ours."""
    email: str
    name: str
    """Empty where it is not known."""
    locale: str
    """Their language, likewise."""
    suppressed: bool
    """Whether their address is never mailed."""
    subscriptions: list[Subscription]
    """Also those that have ended."""
    timezone: str
    topics: list[str]
    cadence: str
    """Empty: what campaigns give."""
    cadence_own: bool
    """Whether they chose it themselves."""
    fields: dict[str, str]
    """What files and forms say beside that."""
    record: list[SaidWord]
    """The last word first."""
    deliveries: list[ReceivedMail]
    """The last 20, the newest first."""
    suppression: SuppressionLine | None


class SubscriberLine(TypedDict):
    """Somebody, as lists show them."""

    id: str
    """Who they are in addresses of ours."""
    email: str
    name: str
    """Empty where it is not known."""
    locale: str
    """Their language, likewise."""
    suppressed: bool
    """Whether their address is never mailed."""
    subscriptions: list[Subscription]
    """Also those that have ended."""


class Sure(TypedDict):
    """That just this person is meant."""

    email: str
    """Their address."""
