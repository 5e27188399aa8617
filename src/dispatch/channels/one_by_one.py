"""Single messages over a channel, each within a limit of time: for mails that are no deliveries."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dispatch.channels.calling import Calling
from dispatch.channels.opened import Channel
from dispatch.channels.provider import Ready, Wire, Wired, WireEvent
from dispatch.clock import Clock
from dispatch.errors import OutcomeUnknown, ProviderError, ProviderUnavailable
from dispatch.model.delivery.message import EmailMessage, FilledEmail, Mail, Message, Outcome

GLANCE = 0.5
"""Seconds of one look for answers, after which we see whether we are to stop."""


class OneByOne:
    """A channel with one connection, which stays open from one message to the next."""

    def __init__(self, channel: Channel, *, clock: Clock, patience: timedelta) -> None:
        self.channel = channel
        self._clock = clock
        self._patience = patience
        self._wire: Wire[Any] | None = None

    def send(self, message: Message, *, keep_going: Callable[[], bool]) -> Outcome:
        """Hand over one message; raises a ProviderError as the channel does.

        ProviderUnavailable also where it takes too long, or we are to stop, before the service has
        it; OutcomeUnknown where it has it and does not answer in time. SampleRecipient where it is
        for a sample person.
        """
        if isinstance(message, Mail):
            self.channel.check_recipient(message.recipient)
        elif isinstance(message, EmailMessage | FilledEmail):
            self.channel.check_recipient(message.to.email)
        try:
            return self._send(message, keep_going)
        except ProviderError:
            self._hang_up()  # what was offered must not go out later
            raise

    def close(self) -> None:
        """Let go of the connection and the channel."""
        self._hang_up()
        self.channel.close()

    def _send(self, message: Message, keep_going: Callable[[], bool]) -> Outcome:
        wire = self._wire = self._wire or self._open_wire()
        until = self._clock() + self._patience
        wire.offer([message])
        while True:
            for event in wire.poll(GLANCE):
                outcome = _outcome(event, wire)
                if outcome is not None:
                    return outcome
            if self._clock() >= until:
                raise self._too_slow(wire)
            if not keep_going() and not wire.in_flight:
                raise ProviderUnavailable(f"{self.channel.name}: stopped before it was handed over")

    def _too_slow(self, wire: Wire[Any]) -> ProviderError:
        seconds = f"{self._patience.total_seconds():.0f} seconds"
        if wire.in_flight:
            problem = f"no answer within {seconds} - look there whether it arrived"
            return OutcomeUnknown(f"{self.channel.name}: {problem}")
        problem = f"not ready within {seconds} - check that it is there"
        return ProviderUnavailable(f"{self.channel.name}: {problem}")

    def _open_wire(self) -> Wire[Any]:
        provider = self.channel.provider
        if isinstance(provider, Wired):
            return provider.open_wire(1)
        return Calling(
            provider, replace(self.channel.capabilities, batch=1), name=self.channel.name
        )

    def _hang_up(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()


def _outcome(event: WireEvent, wire: Wire[Any]) -> Outcome | None:
    message, what = event
    if isinstance(what, ProviderError):
        raise what
    if isinstance(what, Ready):
        wire.hand_over([message])
        return None
    return what
