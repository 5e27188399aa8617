"""What a waker is: one verb, which says where to look and never what is true there.

A wake-up may be lost, late or doubled. Whoever hears one asks the ledger what there is to do, and
reconciling the ledger wakes again for what nobody has heard.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

Payload = Mapping[str, str | int]
"""Ids, and nothing else: names, addresses and states are read from the ledger."""

Handler = Callable[[Payload], None]
"""Does one kind of job; must bear being called twice at once for the same work."""


class Waker(Protocol):
    """Anything that wakes workers."""

    def wake(
        self, job: str, payload: Payload, *, key: str, not_before: datetime | None = None
    ) -> None:
        """Ask for `job` to be done once, at `not_before` or as soon as somebody is free.

        While a wake-up waits, another with the same `key` adds nothing, except that the sooner due
        time counts. One that has been taken up no longer waits: the next one is heard again.
        """


@dataclass(frozen=True, slots=True)
class Wakeup:
    """One wake-up on its way."""

    job: str
    payload: Payload
    key: str
    not_before: datetime | None = None

    def pass_to(self, waker: Waker) -> None:
        """Hand it over."""
        waker.wake(self.job, self.payload, key=self.key, not_before=self.not_before)

    def is_sooner(self, other: "Wakeup") -> bool:
        """Whether this one is due before the other; without a due time it is due at once."""
        if other.not_before is None:
            return False
        return self.not_before is None or self.not_before < other.not_before
