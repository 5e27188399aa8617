"""What tests of sending processes share."""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LEASE = timedelta(minutes=2)
NUMBER = 40
"""People of the edition, in four batches."""


class Taken(list[object]):
    """What a server took; `at` so many somebody is told."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0
        self.tell: Callable[[], object] = lambda: None

    def append(self, mail: object) -> None:
        super().append(mail)
        if len(self) == self.at:
            self.tell()


def counts(store, edition):
    """Where its deliveries stand."""
    with store.read() as tx:
        return tx.deliveries.counts(edition)
