"""What a provider is: a kind of service, as one class, with the facts it declares."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, TypeVar, runtime_checkable

from dispatch.channels.hooks.call import HookCall
from dispatch.clock import Clock
from dispatch.errors import ProviderError
from dispatch.model.delivery.event import Event
from dispatch.model.delivery.message import Accepted, Message, Outcome, SocialMessage
from dispatch.model.delivery.published import Published
from dispatch.model.delivery.tokens import Tokens
from dispatch.model.text.counting import Counting

if TYPE_CHECKING:
    import httpx
    from pydantic import BaseModel


class Carries(StrEnum):
    """What kind of message a provider takes."""

    EMAIL = "email"
    SOCIAL = "social"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureLimits:
    """Which pictures a network takes: kinds such as image/jpeg, bytes of one, and pixels of a side.

    `most_alt` is how long the words for who does not see it may be, in code points.
    """

    kinds: tuple[str, ...]
    most_bytes: int
    most_side: int | None = None
    most_alt: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a provider can do and where its limits are, for the engine, the docs and the editor.

    `batch` is how many messages one `send` may take, and `calls_at_once` how many calls of `send`
    may be under way where nothing else is configured; above one, it is called from several threads.
    `most_bytes` is the size of one message and `most_call_bytes` of all in one call, with pictures
    as base64; None where the service names no limit. `headers_in_batch`: each message of a batch
    has headers of its own, List-Unsubscribe above all; where that is not so, `batch` is 1.
    `pictures_in_batch`: where that is not so, a message with pictures is handed over alone.
    `tracking` says what becomes of the service's own tracking of opens and clicks: there is none,
    each call switches it off, or only the account can.
    `keeps_headers`: a finished `Mail` arrives with the headers that it was handed over with; where
    that is not so, it is never signed here. `keeps_envelope`: so does the sender of its envelope,
    and what comes back for it comes there.

    `idempotent_for` is how long the service drops
    a repeat of a message with the same id; zero: it does not. `max_text` and `link_cost`
    are in what `counting` says, None where there is no limit or a link costs what it is long. With
    `takes_mail` a digest is handed over as a finished `Mail`; with `takes_form` as a `FilledEmail`,
    and all in one batch share one form; otherwise as an `EmailMessage`. `most_values` is how much
    the values of one reader may come to, as `size_of_values` counts them; a mail with more is
    handed over as a form of its own, with everything in its place.
    `returns_to` is the domain to which its mails come back, and for which receivers look up SPF,
    with {sender} for the sender's domain and options by their names; empty where the account
    decides. `spf_include` is what it asks for in the SPF of the sender's domain, and
    `dkim_selectors` are the names of its keys there; empty where each account has others.
    `stays_here`: what it takes never leaves this machine, so that it may be for sample people, too.

    Of networks: `most_text_bytes` is a limit of the text in UTF-8 beside `max_text`. `spacing` is
    how far apart posts are kept where the campaign says nothing. With `threads` a message may have
    further texts that answer to the first; `pictures` says which pictures it takes as bytes, and
    with `cards` it wants the card of a link from us. With `picture_as_card` it shows nothing for a
    link, so that where a card is wanted the picture stands for it. `mentions_by_text`: "@name" in a
    text tells that account, so that those nobody meant are broken up. With `warnings` it shows a
    message's warning in a way of its own; elsewhere that is the first line of the text.
    `account_options` are the
    options that say which account it is; all of them where none is named.
    `source` is where the facts are from, `evidence` how we know that the adapter works.
    """

    carries: frozenset[Carries]
    source: str
    evidence: Literal["documented", "recorded", "live"]
    batch: int = 1
    idempotent_for: timedelta = timedelta(0)
    max_text: int | None = None
    link_cost: int | None = None
    takes_mail: bool = False
    takes_form: bool = False
    most_values: int | None = None
    headers_in_batch: bool = True
    keeps_headers: bool = True
    keeps_envelope: bool = False
    pictures_in_batch: bool = True
    calls_at_once: int = 1
    most_bytes: int | None = None
    most_call_bytes: int | None = None
    tracking: Literal["none", "off", "account"] = "none"
    returns_to: str = ""
    spf_include: str = ""
    dkim_selectors: tuple[str, ...] = ()
    stays_here: bool = False
    counting: Counting = Counting.CODE_POINTS
    most_text_bytes: int | None = None
    spacing: timedelta = timedelta(0)
    threads: bool = False
    cards: bool = False
    pictures: PictureLimits | None = None
    picture_as_card: bool = False
    mentions_by_text: bool = False
    warnings: bool = False
    account_options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quota:
    """How much the service lets this account send: `left` of `most` in a `period`.

    None where it does not tell. A period is a word such as "24 hours" or "month".
    """

    left: int | None
    most: int | None = None
    period: str = ""

    def __str__(self) -> str:
        period = f" per {self.period}" if self.period else ""
        if self.left is None:
            return "not told" if self.most is None else f"at most {self.most:,}{period}"
        return f"{self.left:,} left" + (f" of {self.most:,}" if self.most else "") + period


@dataclass(frozen=True, slots=True)
class Account:
    """Who we are at a service, in one line; `notes` are sentences for whoever looks after it.

    `can` are the words for what our token may do there, such as its scopes, and `ends` is when it
    ends; None: never, or not told. `max_text` is what this very server takes, where it tells.
    """

    name: str
    quota: Quota | None = None
    notes: tuple[str, ...] = ()
    can: tuple[str, ...] = ()
    ends: datetime | None = None
    max_text: int | None = None

    def __str__(self) -> str:
        quota = "" if self.quota is None else f", {self.quota}"
        can = f", may {', '.join(self.can)}" if self.can else ""
        ends = f", until {self.ends:%Y-%m-%d}" if self.ends else ""
        return f"{self.name}{quota}{can}{ends}" + "".join(f"; {note}" for note in self.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """How a service calls us back: facts for the page of the channel and for what is answered.

    `option` is that of the channel without which no call is believed; `source` the page of the
    service. `taken` is what it wants to hear when we have what it told; `again` when it is to tell
    that once more: some give up at any other answer.
    """

    option: str
    source: str
    taken: int = 202
    again: int = 503


M = TypeVar("M", contravariant=True)  # noqa: PLC0105 - the letter is what people read
"""What a provider takes: an EmailMessage, a FilledEmail, a Mail or a SocialMessage."""


class Provider(Protocol[M]):
    """A kind of service, built from its checked options; one file in `providers/`.

    An instance serves one channel. `send` is called from one thread at a time, or from several
    where `capabilities.calls_at_once` is above one.
    """

    Options: "ClassVar[type[BaseModel]]"
    capabilities: ClassVar[Capabilities]

    def __init__(self, options: Any, http: "httpx.Client", clock: Clock) -> None: ...

    def send(self, batch: Sequence[M]) -> Sequence[Outcome | ProviderError]:
        """Hand over at most `capabilities.batch` messages by one call; what came of each, in order.

        A ProviderError in the place of an outcome is about that message alone. Raises one where it
        is the same for the whole batch: ProviderUnavailable, RateLimited, CredentialsRefused,
        OutcomeUnknown; BatchRefused where the service turned down the call and took nothing of it;
        given one message, also TryLater.
        """
        ...

    def check(self) -> "str | Account":
        """The account, as a person would name it, after really talking to the service.

        Sends nothing to anybody. Raises a ProviderError like `send`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Ready:
    """The service waits for this mail; nothing of it has been handed over yet."""


READY = Ready()

WireEvent = tuple[Message, Ready | Outcome | ProviderError]
"""What became of one message: it may be handed over now, or how it came out."""


class Wire(Protocol[M]):
    """Several mails under way at once to one service; for one thread.

    A mail is offered, comes back as READY, is handed over or withdrawn, and has come out when it
    comes back with an outcome or an error. An offered mail can come out without having been
    READY, when the service turns its recipient down; it was not handed over then. What was handed
    over is at most one mail for each connection: all that can be in doubt after a crash.
    """

    @property
    def room(self) -> int:
        """How many more mails should be offered now to keep every connection busy."""
        ...

    @property
    def in_flight(self) -> int:
        """How many mails were handed over and have not come out."""
        ...

    def offer(self, mails: Sequence[M]) -> None:
        """Let the service know of mails to come; their bodies stay here."""
        ...

    def poll(self, seconds: float) -> Sequence[WireEvent]:
        """What has happened since; waits at most `seconds` for the first event.

        Raises a ProviderError where no mail can be handed over for now, whoever it is for: then
        everything that was offered and not handed over counts as withdrawn, and what is in
        flight still comes out with later polls.
        """
        ...

    def hand_over(self, mails: Sequence[M]) -> None:
        """Send the bodies of mails that are READY."""
        ...

    def withdraw(self, mails: Sequence[M]) -> None:
        """Forget mails that were offered and not handed over."""
        ...

    def close(self) -> None:
        """End all connections; what is in flight is then in doubt."""
        ...


@runtime_checkable
class Wired(Protocol):
    """A provider that can keep several mails under way at once."""

    def open_wire(self, connections: int) -> Wire[Any]:
        """A wire of at most this many connections, opened as they are needed."""
        ...


@runtime_checkable
class WiredAnywhere(Wired, Protocol):
    """One whose wires another process can open, too; it calls nobody by HTTP."""

    @property
    def wires(self) -> Wired:
        """What opens them: it can be pickled, and its module imports little."""
        ...


@runtime_checkable
class CallsBack(Protocol):
    """A provider whose service tells later what became of messages, by calls to `/hooks/CHANNEL`.

    Both may be called from several threads, and while messages are sent.
    """

    hook: ClassVar[Hook]

    def verify(self, call: HookCall) -> None:
        """Raise NotGenuine unless the service made this call, and lately; reads nothing else."""
        ...

    def parse_events(self, call: HookCall) -> Sequence[Event]:
        """What a call that was verified tells, in its order; nothing where it tells nothing.

        What cannot be read of one event is no reason to lose the others: it is kept as
        `EventKind.OTHER`. Raises CallUnreadable where nothing can be read.
        """
        ...


@runtime_checkable
class Finds(Protocol):
    """A network that lists what our account posted lately, so that a lost answer can be found."""

    def find(self, message: SocialMessage, since: datetime) -> Accepted | None:
        """Our own post of this text, not older than `since`; None: it is not among the latest.

        Raises a ProviderError where that cannot be known.
        """
        ...


@runtime_checkable
class Edits(Protocol):
    """A network where a post can be changed."""

    def edit(self, published: Published, message: SocialMessage) -> Outcome | ProviderError:
        """Have it say what the message says; as `send` answers and raises."""
        ...


@runtime_checkable
class Deletes(Protocol):
    """A network where a post can be taken away."""

    def delete(self, published: Published) -> None:
        """Take it away, with what follows in its thread; one that is gone already is no error.

        Raises a ProviderError.
        """
        ...


@runtime_checkable
class Connects(Protocol):
    """A network that gives us access by OAuth 2, after a person has agreed there.

    `scopes` are what is asked for. One instance is for one channel, as always; its options say
    which application it is, and have a token only where somebody brings their own.
    """

    scopes: ClassVar[tuple[str, ...]]

    def consent_address(self, redirect: str, state: str, challenge: str) -> str:
        """Where a person agrees; they come back to `redirect`. `challenge` is PKCE's, by S256."""
        ...

    def trade(self, code: str, verifier: str, redirect: str) -> Tokens:
        """What the code of somebody who came back is worth. Raises a ProviderError."""
        ...

    def renew(self, tokens: Tokens) -> Tokens:
        """The next tokens; raises CredentialsRefused where a person has to agree once more."""
        ...

    def use_tokens(self, tokens: Callable[[], Tokens]) -> None:
        """Ask this for the tokens before each call: it renews them in time."""
        ...


@runtime_checkable
class Closing(Protocol):
    """A provider that keeps something open between sends, such as a connection."""

    def close(self) -> None:
        """Let go of it; called once, when the channel is no longer needed."""
        ...
