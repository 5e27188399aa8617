"""Notice that people of different domains are refused with the same words, one after the other.

What each of them says alone is about a recipient, and together they are about the account.
"""

from collections import deque

from dispatch.model.delivery.refusal_words import domain_of, same_words
from dispatch.model.delivery.state import Delivery

FEWEST = 3
FEWEST_DOMAINS = 2
"""So many refusals in a row, for so many domains, are not about recipients any more."""

KEPT = 100
"""So many refusals are remembered, for as many acceptances: more than are under way at once. What
had been announced before the account was refused comes out after it."""


class RepeatedRefusals:
    """What one loop was refused of late, as long as the words stay the same.

    `keys` are the deliveries.
    """

    def __init__(self) -> None:
        self.keys: deque[int] = deque(maxlen=KEPT)
        self._words: list[str] = []
        self._row = 0
        self._domains: set[str] = set()
        self._accepted = 0

    def add(self, delivery: Delivery, reason: str) -> bool:
        """Take note of one more; whether too many came in a row to be believed."""
        words = same_words(reason, delivery.recipient)
        if words != self._words:
            self.clear()
            self._words = words
        self.keys.append(delivery.id)
        self._row += 1
        self._domains.add(domain_of(delivery.recipient))
        self._accepted = 0
        return self._row >= FEWEST and len(self._domains) >= FEWEST_DOMAINS

    def end_row(self) -> None:
        """Take note that something was accepted."""
        self._row = 0
        self._domains.clear()
        self._accepted += 1
        if self._accepted > KEPT:
            self.clear()

    def clear(self) -> None:
        """Forget all of it."""
        self.keys.clear()
        self._row = 0
        self._domains.clear()
