"""A provider that takes batches by `send`, fed like a wire: one batch is under way at a time."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import Any

import structlog

from dispatch.channels.provider import READY, Capabilities, Provider, Ready, WireEvent
from dispatch.errors import (
    BatchRefused,
    CredentialsRefused,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
)
from dispatch.model.delivery.message import (
    EmailForm,
    EmailMessage,
    FilledEmail,
    Message,
    Outcome,
    Refused,
)

log = structlog.get_logger()

MOST_CALLS = 60
"""Calls that one batch may cost while it is found out which of its messages are turned down."""

MOST_SECONDS = 30.0
"""How long that may take: leases are longer. What is left then waits for the next batch."""

IN_A_ROW = 3
"""Messages turned down alone and one after the other, in the same words: so would be the rest."""

What = Outcome | ProviderError


class Calling:
    """A Wire whose every hand-over is one call, or one for each form that its messages have.

    Where the service turns down a call as a whole, it is made again without those it named, or
    in halves, until each message that it does not want is found.
    """

    def __init__(
        self,
        provider: Provider[Any],
        declared: Capabilities,
        *,
        name: str,
        ticks: Callable[[], float] = monotonic,
    ) -> None:
        self._provider = provider
        self._declared = declared
        self._name = name
        self._ticks = ticks
        self._offered: list[Message] = []
        self._events: deque[WireEvent] = deque()
        self.in_flight = 0

    @property
    def room(self) -> int:
        """How many more messages fit into the next call."""
        return self._declared.batch - len(self._offered) - self.in_flight

    def offer(self, messages: Sequence[Message]) -> None:
        """Keep messages for the next call."""
        self._offered += messages
        self._events.extend((one, READY) for one in messages)

    def poll(self, seconds: float) -> Sequence[WireEvent]:  # noqa: ARG002 - nothing comes by itself
        """What has happened since."""
        events = list(self._events)
        self._events.clear()
        self.in_flight = 0
        return events

    def hand_over(self, messages: Sequence[Message]) -> None:
        """Call the provider with messages that are READY."""
        if not messages:
            return
        self.withdraw(messages)
        self.in_flight = len(messages)
        self._events.extend(self._answers(messages))

    def withdraw(self, messages: Sequence[Message]) -> None:
        """Forget messages that were offered."""
        gone = {one.id for one in messages}
        self._offered = [one for one in self._offered if one.id not in gone]

    def close(self) -> None:
        """There is nothing of its own to close."""

    def _answers(self, messages: Sequence[Message]) -> Iterator[WireEvent]:
        """Each message with what became of it, by as few calls as the service lets us."""
        todo = list(batches(messages, self._declared))[::-1]
        until, calls, most = self._ticks() + MOST_SECONDS, 0, MOST_CALLS + len(todo)
        alone: list[str] = []  # in which words messages were turned down one by one
        trouble: ProviderError | None = None
        while todo:
            batch = todo.pop()
            if calls == most or self._ticks() > until:
                trouble = trouble or self._too_many(alone)
            if trouble is not None:
                yield from ((one, trouble) for one in batch)
                continue
            calls += 1
            try:
                outcomes = self._call(batch)
            except BatchRefused as refusal:
                if named := {at: why for at, why in refusal.named.items() if at < len(batch)}:
                    yield from ((batch[at], Refused(why)) for at, why in named.items())
                    rest = [one for at, one in enumerate(batch) if at not in named]
                    todo += [rest] if rest else []
                elif len(batch) == 1:
                    alone.append(str(refusal))
                    yield batch[0], Refused(str(refusal), sure=False)
                    if len(alone) >= IN_A_ROW and len(set(alone[-IN_A_ROW:])) == 1:
                        trouble = self._of_the_account(str(refusal))
                else:
                    half = len(batch) // 2
                    todo += [batch[half:], batch[:half]]
            except ProviderError as error:
                yield from ((one, error) for one in batch)
                trouble = self._behind(error)
            else:
                alone.clear()
                yield from zip(batch, outcomes, strict=True)

    def _call(self, batch: Sequence[Message]) -> Sequence[What]:
        try:
            outcomes = self._provider.send(batch)
        except ProviderError:
            raise
        except Exception as caught:
            # An adapter's bug says nothing about what has gone out: it must not cost a duplicate.
            log.exception("channel.crashed", channel=self._name)
            problem = f"{self._name}: {type(caught).__name__} inside the provider"
            raise OutcomeUnknown(problem) from caught
        if len(outcomes) != len(batch):
            raise OutcomeUnknown(f"{len(batch)} messages went out, {len(outcomes)} were answered")
        return outcomes

    def _behind(self, error: ProviderError) -> ProviderError:
        """What is said of those for whom no call was made, as the one before them failed."""
        if isinstance(error, RateLimited | CredentialsRefused):
            return error
        return ProviderUnavailable(
            f"{self._name}: not handed over, as a call before it failed - it is tried again"
        )

    def _too_many(self, alone: Sequence[str]) -> ProviderError:
        if alone:
            return self._of_the_account(alone[-1])
        return ProviderUnavailable(
            f"{self._name}: not handed over, as one batch took too many calls - it is tried again"
        )

    def _of_the_account(self, words: str) -> ProviderError:
        return ProviderUnavailable(
            f"{self._name}: whoever a message is for, it is turned down ({words}) - see whether the"
            " account and the sender may send"
        )


def send_one(provider: Provider[Any], message: Message, *, name: str) -> Outcome:
    """What becomes of one message by itself; raises a ProviderError."""
    wire = Calling(provider, provider.capabilities, name=name)
    wire.hand_over([message])
    [(_, what)] = wire.poll(0)
    if isinstance(what, ProviderError):
        raise what
    if isinstance(what, Ready):
        raise TypeError(what)
    return what


def batches(messages: Sequence[Message], declared: Capabilities) -> Iterator[list[Message]]:
    """The messages in batches that a provider takes by one call each: of one form, and not too big.

    A message that is too big for any call is alone, and the service says what it thinks of it.
    """
    kinds: dict[int, list[Message]] = {}
    for one in messages:
        if _goes_alone(one, declared):
            yield [one]
            continue
        kinds.setdefault(id(one.form) if isinstance(one, FilledEmail) else 0, []).append(one)
    for alike in kinds.values():
        batch: list[Message] = []
        size = 0
        for one in alike:
            more = _size(one, first=not batch) if declared.most_call_bytes else 0
            full = declared.most_call_bytes and size + more > declared.most_call_bytes
            if batch and (full or len(batch) == declared.batch):
                yield batch
                batch, size, more = [], 0, _size(one, first=True)
            batch.append(one)
            size += more
        if batch:
            yield batch


def _goes_alone(message: Message, declared: Capabilities) -> bool:
    if declared.pictures_in_batch:
        return False
    letter = message.form if isinstance(message, FilledEmail) else message
    return isinstance(letter, EmailForm | EmailMessage) and bool(letter.pictures)


def _size(message: Message, *, first: bool) -> int:
    """About how many bytes it adds to a call; the text of a form does so once."""
    if isinstance(message, EmailMessage):
        pictures = sum(len(one.data) for one in message.pictures)
        headers = sum(len(value) for _, value in message.headers)
        return (
            4 * headers + pictures + len(message.html.encode()) + len(message.text.encode()) + 500
        )
    if isinstance(message, FilledEmail):
        values = sum(map(len, message.values)) * 4 + 500
        return values + (_size(message.email, first=True) if first else 0)
    return 0
