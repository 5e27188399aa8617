"""Everything that dispatch raises on purpose, as one tree.

    DispatchError
    ├── BadInput                what people wrote is wrong; nothing was applied
    ├── NotFound                no such campaign, edition, audience, ...
    ├── Conflict                it exists, but is not in a state that allows this
    │   ├── ChangedMeanwhile    it is not as it was when somebody looked at it
    │   └── NothingChanges      it is so already
    ├── NotWritable             a file of the workspace cannot be written from here
    ├── LinkOver                a link of ours that holds no more
    ├── TooBusy                 as much as may be at once is under way
    ├── FeedError               one feed cannot be read now; the others can
    │   ├── FeedUnreachable     no usable answer came; trying later may help
    │   ├── FeedGone            the address says it is gone for good
    │   └── FeedUnreadable      an answer came, but it is not a feed
    │       └── FeedTooCostly   it goes over a limit, and would do so again
    ├── TemplateFailed          a template cannot be rendered
    │   └── RenderingStopped    dispatch stops; nothing is wrong with the template
    ├── TextTooLong             a text does not fit where it should go
    ├── MessageUnusable         a message cannot be written as mail, now or later
    │   └── SampleRecipient     it is for a sample person, and the channel is a real one
    ├── NotGenuine              a call to a hook that its provider has not made
    ├── CallUnreadable          a call to a hook that tells nothing which can be read
    ├── MailboxUnavailable      the mailbox of what comes back cannot be read now
    ├── StoreUnavailable        the database cannot be used
    ├── UnfitDatabase           it is not one that this version can use
    ├── UnknownDatabase         it is not the one that this workspace knows
    └── ProviderError           a provider did not take a message
        ├── ProviderUnavailable the message never got through
        │   └── NotHandedOver   nobody tried, as something else failed before
        ├── RateLimited         the provider asks for patience
        ├── BatchRefused        it turned down a whole call, for one of its messages or for all
        ├── TryLater            this one message is not taken now, others may be
        ├── CredentialsRefused  the provider does not know this account
        │   └── NotAllowed      it knows it, and the account may not do this
        └── OutcomeUnknown      the message went out, the answer was lost

A message names the thing, the problem and, after a dash, what to do. The edges
(command line, scheduler, web) turn a DispatchError into a sentence and an exit code
or status; anything else is a bug and is shown as one.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol


class Problem(Protocol):
    """Anything that reads as one line: `file:line: key: problem - advice`."""

    def __str__(self) -> str: ...


class DispatchError(Exception):
    """The root: a sentence for a person, without secrets."""


class BadInput(DispatchError):
    """What people wrote is wrong; every problem found is listed and nothing was applied."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, problems)))

    def __reduce__(self) -> tuple[type["BadInput"], tuple[Sequence[Problem]]]:
        return type(self), (self.problems,)


class NotFound(DispatchError):
    """The thing that was named does not exist."""


class Conflict(DispatchError):
    """The thing exists, but its state does not allow what was asked; nothing was changed."""


class ChangedMeanwhile(Conflict):
    """Somebody else has changed the thing since it was looked at: what they did can be shown."""


class NothingChanges(Conflict):
    """What was asked for would leave the thing as it is."""


class NotWritable(DispatchError):
    """A file of the workspace cannot be written from here, and is as it was.

    A person can take the change over by hand: whoever shows this shows what is to be written.
    """


class LinkOver(DispatchError):
    """A link that we made and that holds no more: its time is over, or newer ones replaced it."""


class TooBusy(DispatchError):
    """As much of it as may be at once is under way; nothing was changed, and soon there is room."""


class FeedError(DispatchError):
    """One feed cannot be read now; what was kept of it stays."""


class FeedUnreachable(FeedError):
    """No usable answer came; asking again later may help.

    `retry_after` is what the server asked for, if it did; `status` is the number of its answer, if
    there was one.
    """

    def __init__(
        self, message: str, *, retry_after: timedelta | None = None, status: int | None = None
    ) -> None:
        self.retry_after = retry_after
        self.status = status
        super().__init__(message)


class FeedGone(FeedError):
    """The server says the feed is gone for good (410); polling it has no purpose."""


class FeedUnreadable(FeedError):
    """An answer came, but no feed can be read from it."""


class FeedTooCostly(FeedUnreadable):
    """The answer goes over a limit on time, size or memory; asking again soon would cost as much.

    An answer that never ends does so, too, however little of it comes at a time.
    """


class TemplateFailed(DispatchError):
    """A template cannot be read or rendered; nothing was made of it."""


class RenderingStopped(TemplateFailed):
    """A text was not made because dispatch stops; it can be made later."""


class TextTooLong(DispatchError):
    """A text is longer than it may be where it should go; nothing was handed over."""


class MessageUnusable(DispatchError):
    """A message cannot be written as mail: an address or a header is impossible; others can."""


class SampleRecipient(MessageUnusable):
    """The message is for a sample person, and its channel a real one: nothing was handed over."""


class NotGenuine(DispatchError):
    """A call to a hook is not the provider's own, as far as can be told; nothing was read of it.

    `unsigned`: it does not even claim to be.
    """

    def __init__(self, message: str, *, unsigned: bool = False) -> None:
        self.unsigned = unsigned
        super().__init__(message)


class CallUnreadable(DispatchError):
    """A call to a hook is the provider's own, and its body is none that anybody can read."""


class MailboxUnavailable(DispatchError):
    """The mailbox of what comes back cannot be read now; what was read of it is kept."""


class StoreUnavailable(DispatchError):
    """The database cannot be opened, read or written; nothing was half written."""


class StoreContended(StoreUnavailable):
    """Two changes waited for each other, and one of them was taken back: it can be made again."""


class UnfitDatabase(DispatchError):
    """The database is older than the first release, newer than this one, or another program's.

    Nothing in it was changed.
    """


class UnknownDatabase(DispatchError):
    """The database is not the one that the workspace knows, or lacks some of its past.

    Nothing is sent before a person has put it right, or has said that it is.
    """


class ProviderError(DispatchError):
    """A provider did not take a message; the kinds differ in whether it may be sent again."""


class ProviderUnavailable(ProviderError):
    """The request never got through; sending again cannot duplicate."""


class NotHandedOver(ProviderUnavailable):
    """Nobody tried to hand the message over, as something else failed before: no attempt of it."""


class RateLimited(ProviderError):
    """The provider refused for now, and took nothing; sending again later cannot duplicate."""

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class BatchRefused(ProviderError):
    """The provider turned down one call with all its messages, and took none of them.

    `named` are those that it says it is for, by their places in the batch, with the reason of each.
    Where it names none, whoever called may find out by smaller calls.
    """

    def __init__(self, message: str, *, named: Mapping[int, str] | None = None) -> None:
        self.named = dict(named or {})
        super().__init__(message)


class TryLater(ProviderError):
    """The provider does not take this message now; it took nothing, and others may pass.

    A greylisting server or a full mailbox says this about one recipient: the message is tried
    again after a while, and the channel goes on with the others meanwhile. Raised only where
    `send` was given one message.
    """


class CredentialsRefused(ProviderError):
    """The provider does not accept this account; it took nothing, and a person must act."""


class NotAllowed(CredentialsRefused):
    """The account is accepted and may not do this; it may be good for other things.

    A check goes on without what a key may not read.
    """

    @property
    def note(self) -> str:
        """The sentence without the provider's name, as a note of a check."""
        return str(self).partition(": ")[2]


class OutcomeUnknown(ProviderError):
    """The request went out and the answer was lost; sending again may duplicate."""
