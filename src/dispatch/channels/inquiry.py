"""What a service makes of each message of a call, found out by as few calls as it lets us."""

from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import Any

import structlog

from dispatch.channels.provider import Provider, WireEvent
from dispatch.errors import (
    BatchRefused,
    MessageUnusable,
    NotHandedOver,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    TryLater,
)
from dispatch.model.delivery.message import (
    Accepted,
    EmailMessage,
    FilledEmail,
    Mail,
    Message,
    Outcome,
    Refused,
)
from dispatch.model.delivery.refusal_words import same_words

log = structlog.get_logger()

MOST_CALLS = 60
"""Calls that may be spent on finding out which messages of one batch are turned down."""

MOST_SECONDS = 30.0
"""How long that may go on: whoever stops dispatch waits for it. The rest waits for a next time.
It is less than a lease, so that a process which was frozen calls for nobody else's messages."""

IN_A_ROW = 3
"""Refusals in the same words, with nothing accepted since, after which it may be the account's."""

WHAT = (Accepted, Refused, ProviderError)
NO_OUTCOME = "the provider answered with something that is no outcome - look there what it took"


class Inquiry:
    """Hands one batch to a provider, and gives each message with what became of it.

    A call that is turned down as a whole is made again without those that the service named, or
    in halves. A refusal that may be the account's is believed once a later message was accepted.
    If many are refused in a row instead, in the same words, one message from the far end is tried;
    if that is refused likewise, nobody is: it is the account's trouble.

    `wants_more` is asked before each call.
    """

    def __init__(
        self,
        provider: Provider[Any],
        messages: Sequence[Message],
        *,
        name: str,
        ticks: Callable[[], float] = monotonic,
        most_seconds: float = MOST_SECONDS,
        wants_more: Callable[[], bool] = lambda: True,
    ) -> None:
        self._provider = provider
        self._name = name
        self._ticks = ticks
        self._most_seconds = most_seconds
        self._wants_more = wants_more
        self._todo = [list(messages)]  # a stack: what is called next is its last
        self._doubted: list[tuple[Message, Refused]] = []  # with nothing accepted since
        self._said = ""  # why a call was turned down last
        self._is_probe = False  # what is called next is the one from the far end
        self._over = self._some_came_out = False
        self._none_accepted = True

    def answers(self) -> Iterator[list[WireEvent]]:
        """What is known after each call, and at last of all for whom none was made."""
        until, calls = self._ticks() + self._most_seconds, 0
        while self._todo and not self._over:
            if calls and (calls >= MOST_CALLS or self._ticks() > until or not self._wants_more()):
                break
            calls += 1
            yield self._call(self._todo.pop())
        yield self._end()

    def _call(self, batch: list[Message]) -> list[WireEvent]:
        is_probe, self._is_probe = self._is_probe, False
        row = self._row()
        try:
            outcomes = self._send(batch)
        except BatchRefused as refusal:
            self._said = str(refusal)
            events = self._make_smaller(batch, refusal)
        except ProviderError as error:
            self._over = self._some_came_out = True
            return [(one, error) for one in batch]
        else:
            events = self._sort(batch, outcomes)
        if self._doubted and row >= IN_A_ROW:
            if is_probe and self._row() > row:
                events += self._blame_account()
            elif not is_probe:
                self._probe()
        self._some_came_out = self._some_came_out or bool(events)
        return events

    def _send(self, batch: list[Message]) -> Sequence[Outcome | ProviderError]:
        try:
            outcomes = list(self._provider.send(batch))
        except ProviderError:
            raise
        except MessageUnusable as error:  # found while the call was written: nothing went out
            raise BatchRefused(str(error)) from error
        except Exception as caught:
            # An adapter's bug says nothing about what has gone out: it must not cost a duplicate.
            if self._wants_more():
                log.exception("channel.crashed", channel=self._name)
            problem = (
                f"{self._name}: {type(caught).__name__} inside the provider"
                " - look there what it took"
            )
            raise OutcomeUnknown(problem) from caught
        if len(outcomes) != len(batch):
            raise OutcomeUnknown(
                f"{self._name}: {len(batch)} messages went out, {len(outcomes)} were answered"
            )
        return [one if isinstance(one, WHAT) else OutcomeUnknown(NO_OUTCOME) for one in outcomes]

    def _sort(
        self, batch: list[Message], outcomes: Sequence[Outcome | ProviderError]
    ) -> list[WireEvent]:
        """Each with its outcome, but for refusals that are in doubt."""
        if not self._doubted and all(type(one) is Accepted for one in outcomes):
            self._none_accepted = False
            return list(zip(batch, outcomes, strict=True))  # nearly always
        events: list[WireEvent] = []
        for message, what in zip(batch, outcomes, strict=True):
            if isinstance(what, BatchRefused):
                self._doubted.append((message, Refused(str(what), sure=False)))
                continue
            if isinstance(what, Refused) and not what.sure:
                self._doubted.append((message, what))
                continue
            if isinstance(what, Accepted):
                self._none_accepted = False
                events += self._believe(sure=True)
            # A limit that is reached in the middle holds for those behind it, too.
            self._over |= isinstance(what, ProviderError) and not isinstance(what, TryLater)
            events.append((message, what))
        return events

    def _make_smaller(self, batch: list[Message], refusal: BatchRefused) -> list[WireEvent]:
        """Doubt those that were named, or the only one; call again for the rest, or for halves."""
        named = {at: why for at, why in refusal.named.items() if at in range(len(batch))}
        if len(batch) == 1 and not named:
            named = {0: str(refusal)}
        if named:
            self._doubted += [(batch[at], Refused(named[at], sure=False)) for at in sorted(named)]
            rest = [one for at, one in enumerate(batch) if at not in named]
            self._todo += [rest] if rest else []
        else:
            half = len(batch) // 2
            self._todo += [batch[half:], batch[:half]]
        return []

    def _probe(self) -> None:
        """Call next for the last message of all, alone."""
        if self._todo:
            last = self._todo[0].pop()
            if not self._todo[0]:
                del self._todo[0]
            self._todo.append([last])
            self._is_probe = True

    def _row(self) -> int:
        """How many were refused in the same words as the last one, one after the other."""
        words: list[str] | None = None
        for number, (message, refused) in enumerate(reversed(self._doubted)):
            these = same_words(refused.reason, recipient_of(message))
            if words is not None and these != words:
                return number
            words = these
        return len(self._doubted)

    def _believe(self, *, sure: bool) -> list[WireEvent]:
        """Refuse those in doubt; `sure` where a later one was accepted: it is about them."""
        doubted, self._doubted = self._doubted, []
        return [(message, Refused(what.reason, sure=sure)) for message, what in doubted]

    def _blame_account(self) -> list[WireEvent]:
        """Refuse nobody, as it would have been anybody's turn."""
        self._over = True
        doubted, self._doubted = self._doubted, []
        error = ProviderUnavailable(
            f"{self._name}: whoever a message is for, it is turned down ({doubted[-1][1].reason})"
            " - see whether the account and the sender may send"
        )
        return [(message, error) for message, _ in doubted]

    def _end(self) -> list[WireEvent]:
        rest = [message for batch in reversed(self._todo) for message in batch]
        self._todo.clear()
        events: list[WireEvent] = []
        enough = IN_A_ROW if self._none_accepted else IN_A_ROW + 1
        if self._row() >= enough:
            events += self._blame_account()
        else:
            events += self._believe(sure=False)
        self._some_came_out = self._some_came_out or bool(events)
        if not rest:
            return events
        back: ProviderError = NotHandedOver(
            f"{self._name}: not handed over, as a call before it failed - it is tried again"
        )
        if not self._some_came_out and self._wants_more():  # it would be the same at once
            back = ProviderUnavailable(
                f"{self._name}: turned down as a whole ({self._said}), and there was no time to"
                " find out for whom - it is tried again"
            )
        return events + [(message, back) for message in rest]


def recipient_of(message: Message) -> str:
    """The address that a mail is for; empty for a snippet."""
    if isinstance(message, EmailMessage | FilledEmail):
        return message.to.email
    return message.recipient if isinstance(message, Mail) else ""
