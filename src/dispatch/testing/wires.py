"""A wire to nobody: every step of many mails under way, without sockets, answered as told."""

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar, Self

from dispatch.channels.provider import READY, Capabilities, Carries, WireEvent
from dispatch.errors import OutcomeUnknown, ProviderError, TryLater
from dispatch.model.delivery.message import Accepted, Mail, Message, Refused
from dispatch.testing.clock import FakeClock
from dispatch.testing.fakes import Answer, RecordingProvider


class WiredProvider(RecordingProvider):
    """A recording provider that opens recording wires, and keeps them in `wires`.

    An answer given by `next`, `on` or `always` comes when a real server would say it. Refused
    and TryLater: instead of READY. Accepted and OutcomeUnknown: after the mail was handed over.
    Other errors concern every mail: `poll` raises them. `late` gives answers of any kind to mails
    that were handed over. While `silent`, mails that were handed over stay in flight.

    >>> from dispatch.testing.samples import a_mail
    >>> provider = WiredProvider()
    >>> wire = provider.open_wire(connections=1)
    >>> wire.offer([a_mail()])
    >>> [(mail, what)] = wire.poll(0)
    >>> what
    Ready()
    >>> wire.hand_over([mail])
    >>> [(mail, what)] = wire.poll(0)
    >>> what
    Accepted(id='taken-delivery-1', address='', others=())
    """

    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        takes_mail=True,
        source="https://example.org/recording-provider",
        evidence="live",
    )

    def __init__(self, *, drops_repeats: bool = False) -> None:
        super().__init__(drops_repeats=drops_repeats)
        self.silent = False
        self.wires: list[RecordingWire] = []
        self._late: dict[str, list[Answer]] = {}

    def open_wire(self, connections: int) -> "RecordingWire":
        """A wire of so many connections."""
        wire = RecordingWire(self, connections)
        self.wires.append(wire)
        return wire

    def late(self, recipient: str, *answers: Answer) -> None:
        """Give these answers to the next mails for one recipient that are handed over."""
        self._late.setdefault(recipient, []).extend(answers)

    def answer_envelope(self, mail: Mail) -> Answer:
        """What the server makes of a mail that is announced."""
        with self._lock:
            answer = self._answer(mail)
            if not isinstance(answer, Accepted | OutcomeUnknown):
                self.attempts.append(mail)
            return answer

    def answer_mail(self, mail: Mail, promised: Answer) -> Answer:
        """What the server makes of a mail that was handed over."""
        with self._lock:
            self.attempts.append(mail)
            late = self._late.get(mail.recipient)
            answer = late.pop(0) if late else promised
            if isinstance(answer, Accepted | OutcomeUnknown):
                self._take([mail])
            return answer


class RecordingWire:
    """One mail for each connection is announced, and one is in flight, as on a real wire.

    `most_in_flight` is the most that were ever in doubt at once, `closed` counts the calls.
    """

    def __init__(self, provider: WiredProvider, connections: int) -> None:
        self.closed = 0
        self.most_in_flight = 0
        self._provider = provider
        self._connections = connections
        self._trouble: ProviderError | None = None
        self._pool: list[Mail] = []
        self._ready: dict[str, tuple[Mail, Answer]] = {}
        self._flying: list[tuple[Mail, Answer]] = []

    @property
    def room(self) -> int:
        """As on a real wire: one in flight, one announced and one to come per connection."""
        busy = len(self._pool) + len(self._ready) + len(self._flying)
        return max(0, 3 * self._connections - busy)

    @property
    def in_flight(self) -> int:
        """How many mails were handed over and have not come out."""
        return len(self._flying)

    def offer(self, mails: Sequence[Mail]) -> None:
        """Keep mails to be announced."""
        self._pool.extend(mails)

    def poll(self, seconds: float) -> Sequence[WireEvent]:  # noqa: ARG002 - everything is immediate
        """What came out, and what is ready; never waits. Raises what concerns every mail."""
        self._raise_trouble()
        events: list[WireEvent] = []
        if not self._provider.silent:
            events.extend(self._flying)
            self._flying.clear()
        while (
            self._pool
            and not self._trouble
            and len(self._ready) + len(self._flying) < self._connections
        ):
            mail = self._pool.pop(0)
            answer = self._provider.answer_envelope(mail)
            if isinstance(answer, Accepted | OutcomeUnknown):
                self._ready[mail.id] = mail, answer
                events.append((mail, READY))
            elif isinstance(answer, Refused | TryLater):
                events.append((mail, answer))
            else:
                self._trouble = answer
        if not events:
            self._raise_trouble()
        return events

    def hand_over(self, mails: Sequence[Mail]) -> None:
        """Let the provider take mails that are READY; a KeyError for others."""
        for mail in mails:
            _, promised = self._ready.pop(mail.id)
            self._flying.append((mail, self._provider.answer_mail(mail, promised)))
        self.most_in_flight = max(self.most_in_flight, self.in_flight)

    def withdraw(self, mails: Sequence[Mail]) -> None:
        """Forget mails."""
        ids = {mail.id for mail in mails}
        self._pool = [mail for mail in self._pool if mail.id not in ids]
        for name in ids:
            self._ready.pop(name, None)

    def close(self) -> None:
        """End it; what is in flight was taken or not, and nobody says."""
        self.closed += 1

    def _raise_trouble(self) -> None:
        """Raise what concerns every mail, and have none on offer any more."""
        trouble, self._trouble = self._trouble, None
        if trouble is not None:
            self._pool.clear()
            self._ready.clear()
            raise trouble


class HangingProvider(RecordingProvider):
    """A provider whose service takes a message, or does not even ask for it, and says no more.

    It is its own wire. A look for answers takes as long as it may, by the clock that is given.
    """

    def __init__(self, clock: FakeClock, *, asks: bool) -> None:
        super().__init__()
        self.in_flight = self.looks = self.closed = 0
        self._clock = clock
        self._asks = asks

    def open_wire(self, connections: int) -> Self:
        assert connections == 1
        return self

    def offer(self, messages: Sequence[Message]) -> None:
        [self._offered] = messages

    def poll(self, seconds: float) -> Sequence[WireEvent]:
        self._clock.advance(timedelta(seconds=seconds))
        self.looks += 1
        asks, self._asks = self._asks, False
        return [(self._offered, READY)] if asks else []

    def hand_over(self, messages: Sequence[Message]) -> None:
        self.in_flight = len(messages)

    def close(self) -> None:
        self.closed += 1
