"""One round of mails that are no deliveries: each is a row, tried until it ends.

At least once: an answer that was lost, or a process that died, has a mail sent again, with the same
Message-ID, by which receivers drop it.

Nothing here stops a channel for the readers of an edition: their hand-overs find out by themselves
what is wrong, and the mail server of one person says little about theirs. The stops that they have
put hold here, too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from dispatch.channels.one_by_one import OneByOne
from dispatch.channels.opened import Channel
from dispatch.clock import Clock
from dispatch.errors import (
    CredentialsRefused,
    DispatchError,
    MessageUnusable,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    RenderingStopped,
    TemplateFailed,
    TryLater,
)
from dispatch.model.delivery.message import EmailMessage, Outcome, Refused
from dispatch.model.delivery.single_mail import MailState, SingleMail
from dispatch.model.text.plain_text import printable
from dispatch.pipeline.messages.make import ready_for
from dispatch.store.transactions import Store, Transaction

PATIENCE = timedelta(seconds=30)
"""How long one mail may take, whatever the channel's own timeouts are."""

LEASE = timedelta(minutes=5)
"""Longer than an attempt takes, with its rendering: after that its process is taken for dead."""

LOOK_AGAIN = timedelta(minutes=15)
"""How long it rests where the login was refused, as a mail server may lock the account; and how
long at most where the channel is stopped, as a person may lift that sooner."""


Row = TypeVar("Row", bound=SingleMail)


class Rows(Protocol[Row]):
    """The table of them, within a transaction."""

    def claim(self, mail: Row, /, *, until: datetime) -> Row | None:
        """Take it for one attempt; None if another node was quicker."""

    def accept(self, mail: Row, /, *, now: datetime) -> None:
        """It was handed over."""

    def put_off(self, mail: Row, /, *, due: datetime, reason: str) -> bool:
        """Try it later; False if it is somebody else's by now."""

    def end(self, mail: Row, state: MailState, /, *, reason: str) -> bool:
        """It will not be handed over, and why; False if it is somebody else's by now."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a mail: accepted if `problem` is empty; `again`: it will be tried again."""

    problem: str = ""
    again: bool = False


@dataclass(slots=True)
class Round(Generic[Row]):
    """One look at what is due. `desks` are the channels in use, `troubles` those that fail now.

    `rows` gives their table within a transaction.
    """

    rows: Callable[[Transaction], Rows[Row]]
    store: Store
    open_channel: Callable[[str], Channel]
    clock: Clock
    keep_going: Callable[[], bool]
    desks: dict[str, OneByOne] = field(default_factory=dict)
    troubles: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def put_off_if_blocked(self, mail: Row, via: str, tx: Transaction) -> "_Blocked | None":
        """What came of it where nothing is to be sent over a channel now; None where it may."""
        stop, now = tx.channels.stop(via), self.clock()
        if stop is not None and stop.is_in_force(now):
            soon = now + LOOK_AGAIN
            reason, due = str(stop), min(stop.until or soon, soon)
        elif via in self.troubles:
            reason, due = self.troubles[via]
        else:
            return None
        is_ours = self.rows(tx).put_off(mail, due=due, reason=reason)
        return _Blocked(Came(reason, again=True) if is_ours else None)

    def claim(self, mail: Row, tx: Transaction) -> Row | None:
        """Take it for one attempt; None if another node was quicker."""
        return self.rows(tx).claim(mail, until=self.clock() + LEASE)

    def hand_over(
        self, mail: Row, via: str, write: Callable[[datetime], EmailMessage]
    ) -> Came | None:
        """Try one that was claimed; None where it is another node's by now, or was given back."""
        try:
            outcome = self._hand_over(via, write)
        except RenderingStopped as error:
            return self.later(mail, via, error)
        except (TemplateFailed, MessageUnusable) as error:
            reason = str(error).removeprefix(f"{mail.address}: ")  # it is told before it
            return self._end(mail, MailState.FAILED, reason)
        except DispatchError as error:
            return self.later(mail, via, error)
        if isinstance(outcome, Refused):
            return self._end(mail, MailState.REFUSED, outcome.reason)
        with self.store.begin() as tx:
            self.rows(tx).accept(mail, now=self.clock())
        return Came()

    def later(self, mail: Row, via: str, error: Exception) -> Came | None:
        """Try one later that was claimed, or give it up; as above. Also after a bug of ours."""
        is_ours = isinstance(error, ProviderUnavailable | RenderingStopped)
        if is_ours and not self.keep_going():
            with self.store.begin() as tx:  # given back, as nothing is wrong with it
                self.rows(tx).put_off(mail, due=mail.due, reason=mail.reason)
            return None
        now = self.clock()
        due = mail.next_due(now)
        reason = _reason(error)
        if due is None:
            return self._end(mail, MailState.FAILED, reason)
        if isinstance(error, CredentialsRefused):
            due = max(due, now + LOOK_AGAIN)
        if isinstance(error, RateLimited) and error.retry_after is not None:
            due = max(due, now + error.retry_after)
        # A lost answer says nothing about the next mail, and a line that broke is opened anew.
        if isinstance(error, DispatchError) and not isinstance(error, TryLater | OutcomeUnknown):
            self.troubles[via] = (reason, due)
        with self.store.begin() as tx:
            self.rows(tx).put_off(mail, due=due, reason=reason)
        return Came(reason, again=True)

    def desk(self, via: str) -> OneByOne:
        """The channel, opened when it is first needed. Raises what opening it does."""
        if via not in self.desks:
            channel = self.open_channel(via)
            self.desks[via] = OneByOne(channel, clock=self.clock, patience=PATIENCE)
        return self.desks[via]

    def close(self) -> None:
        """Let go of the channels."""
        for desk in self.desks.values():
            desk.close()

    def _hand_over(self, via: str, write: Callable[[datetime], EmailMessage]) -> Outcome:
        desk, now = self.desk(via), self.clock()
        message = ready_for(desk.channel, write(now), date=now)
        return desk.send(message, keep_going=self.keep_going)

    def _end(self, mail: Row, state: MailState, reason: str) -> Came:
        reason = printable(reason)
        with self.store.begin() as tx:
            self.rows(tx).end(mail, state, reason=reason)
        return Came(reason)


@dataclass(frozen=True, slots=True)
class _Blocked:
    """`came` is None where it is somebody else's by now."""

    came: Came | None


def _reason(error: Exception) -> str:
    if isinstance(error, DispatchError):
        return printable(str(error))
    return f"{type(error).__name__} inside dispatch - see the log"
