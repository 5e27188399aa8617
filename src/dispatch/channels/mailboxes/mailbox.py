"""What a mailbox is to whoever reads it: portions of mails, which are marked once they are kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

MOST_BYTES = 1_000_000
"""Of one mail that are read: reports stand at the beginning, and what they return behind them."""

MOST_MAILS = 100
"""Of one portion, which is kept in one piece."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Mails that were read together: each one's name in the mailbox, and its beginning.

    `last` is how far the mailbox has been read with them, where it counts its mails.
    """

    mails: Sequence[tuple[str, bytes]]
    last: int = 0


class Mailbox(Protocol):
    """An open one, for one thread. Everything that talks to it raises MailboxUnavailable.

    `validity` is another number when the mailbox counts its mails anew; 0 where it never does.
    `trouble` says what could not be read though the rest could.
    """

    validity: int
    trouble: str

    def take(self, last: int) -> Portion | None:
        """The next mails behind `last`; None where there are none. They stay as they are."""
        ...

    def mark(self, portion: Portion, understood: Collection[str]) -> None:
        """Say in the mailbox that these were read, once what they tell is kept."""
        ...

    def close(self) -> None:
        """Let go of it; raises nothing."""
        ...
