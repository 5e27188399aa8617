"""A provider that sends to nobody, remembers everything, and fails as it is told to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from threading import Lock
from typing import ClassVar

import httpx
from pydantic import BaseModel

from dispatch.channels.opened import Channel
from dispatch.channels.provider import Capabilities, Carries
from dispatch.clock import Clock
from dispatch.errors import OutcomeUnknown, ProviderError
from dispatch.model.delivery.message import Accepted, EmailMessage, Mail, Message, Outcome

Answer = Outcome | ProviderError


class NoOptions(BaseModel, extra="forbid", frozen=True):
    """There is nothing to configure."""


class RecordingProvider:
    """A real provider, for email and snippets, that keeps what it took in `taken`.

    `on("ada@example.org", TryLater("full"), Accepted("7"))` gives these answers to the next
    messages for that recipient (for a snippet: with that id), then it accepts again; `always`
    gives the same one each time, and `next` answers the next calls whoever they are for.

    OutcomeUnknown is the worst case: the message was taken, and the answer lost. With
    `drops_repeats`, a message whose id was taken before is accepted without being taken again.
    `attempts` holds every message that was ever handed over. Several threads may use it.

    >>> provider = RecordingProvider()
    >>> provider.check()
    'a memory of 0 messages'
    """

    Options: ClassVar[type[BaseModel]] = NoOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL, Carries.SOCIAL}),
        batch=100,
        source="https://example.org/recording-provider",
        evidence="live",
    )

    def __init__(
        self,
        options: BaseModel | None = None,  # noqa: ARG002
        http: httpx.Client | None = None,  # noqa: ARG002
        clock: Clock | None = None,  # noqa: ARG002
        *,
        drops_repeats: bool = False,
    ) -> None:
        self.taken: list[Message] = []
        self.attempts: list[Message] = []
        self.closed = 0
        self._drops_repeats = drops_repeats
        self._next: list[Answer] = []
        self._on: dict[str, list[Answer]] = {}
        self._always: dict[str, Answer] = {}
        self._lock = Lock()

    def next(self, *answers: Answer) -> None:
        """Give these answers to the next messages, one each."""
        self._next.extend(answers)

    def on(self, recipient: str, *answers: Answer) -> None:
        """Give these answers to the next messages for one recipient, one each."""
        self._on.setdefault(recipient, []).extend(answers)

    def always(self, recipient: str, answer: Answer) -> None:
        """Give this answer to every message for one recipient."""
        self._always[recipient] = answer

    @property
    def copies(self) -> Counter[str]:
        """How many messages each recipient got."""
        return Counter(map(recipient_of, self.taken))

    def send(self, batch: Sequence[Message]) -> Sequence[Outcome]:
        """Take the messages, or answer as told; an error stands for the whole batch."""
        with self._lock:
            self.attempts.extend(batch)
            answers = [self._answer(message) for message in batch]
            errors = [answer for answer in answers if isinstance(answer, ProviderError)]
            if errors:
                if isinstance(errors[0], OutcomeUnknown):
                    self._take(batch)
                raise errors[0]
            outcomes = [answer for answer in answers if not isinstance(answer, ProviderError)]
            pairs = zip(batch, outcomes, strict=True)
            self._take(message for message, outcome in pairs if isinstance(outcome, Accepted))
            return outcomes

    def check(self) -> str:
        """What it is, without asking anybody."""
        return f"a memory of {len(self.taken)} messages"

    def close(self) -> None:
        """Count that it was called."""
        self.closed += 1

    def _answer(self, message: Message) -> Answer:
        recipient = recipient_of(message)
        if self._next:
            return self._next.pop(0)
        if self._on.get(recipient):
            return self._on[recipient].pop(0)
        return self._always.get(recipient, Accepted(f"taken-{message.id}"))

    def _take(self, messages: Iterable[Message]) -> None:
        known = {message.id for message in self.taken} if self._drops_repeats else set()
        self.taken.extend(message for message in messages if message.id not in known)


def recipient_of(message: Message) -> str:
    """The address a mail is for; a snippet's own id."""
    match message:
        case EmailMessage():
            return message.to.email
        case Mail():
            return message.recipient
    return message.id


def recording_channel(
    provider: RecordingProvider | None = None,
    *,
    name: str = "mail",
    batch: int = 1,
    idempotent_for: timedelta = timedelta(0),
    carries: Iterable[Carries] = tuple(Carries),
    takes_mail: bool = False,
) -> Channel:
    """A channel of a recording provider that declares what the test needs it to."""
    provider = provider or RecordingProvider(drops_repeats=idempotent_for > timedelta(0))
    capabilities = Capabilities(
        carries=frozenset(carries),
        batch=batch,
        idempotent_for=idempotent_for,
        takes_mail=takes_mail,
        source="https://example.org/recording-provider",
        evidence="live",
    )
    return Channel(name, "recording", provider, capabilities)
