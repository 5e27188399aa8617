"""How one process treats a receiver that has failed: one call now and then, until one is taken."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.model.notify.notification import rest_after


@dataclass(slots=True)
class Pace:
    """Of one receiver. Kept in memory: a process that begins tries once, which harms nobody.

    `turn` is the number of its last turn among those of all receivers.
    """

    failures: int = 0
    turn: int = 0
    last: datetime | None = None
    until: datetime | None = None

    def may_go(self, *, now: datetime, changed_at: datetime) -> bool:
        """Whether it may be called; at once where a person has turned it on again since."""
        if self.last is not None and changed_at > self.last:
            self.went_well()
        if self.last is not None and now < self.last:  # a clock was put back
            self.until = None
        return self.until is None or now >= self.until

    def went_well(self) -> None:
        """It has taken something."""
        self.failures, self.last, self.until = 0, None, None

    def went_wrong(self, *, now: datetime, rng: random.Random, at_least: timedelta | None) -> None:
        """It has not; `at_least` is how long it asks to be left alone."""
        self.failures += 1
        self.last = now
        self.until = now + max(rest_after(self.failures, rng), at_least or timedelta(0))
