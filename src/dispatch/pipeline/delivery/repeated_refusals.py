"""Notice that people of different domains are refused with the same words, one after the other.

What each of them says alone is about a recipient, and together they are about the account.
"""

import re

from dispatch.model.delivery.state import Delivery

FEWEST = 3
FEWEST_DOMAINS = 2
"""So many refusals in a row, for so many domains, are not about recipients any more."""

_STATUS = re.compile(r"\d{3}|\d\.\d{1,3}\.\d{1,3}")


class RepeatedRefusals:
    """What one loop was refused since something was accepted, as long as the words stay the same.

    `keys` are the deliveries.
    """

    def __init__(self) -> None:
        self.keys: list[int] = []
        self._words: list[str] = []
        self._domains: set[str] = set()

    def add(self, delivery: Delivery, reason: str) -> bool:
        """Take note of one more; whether they are too many to be believed."""
        words = same_words(reason, delivery.recipient)
        if words != self._words:
            self.clear()
            self._words = words
        self.keys.append(delivery.id)
        self._domains.add(_domain(delivery.recipient))
        return len(self.keys) >= FEWEST and len(self._domains) >= FEWEST_DOMAINS

    def clear(self) -> None:
        """Begin anew: something was accepted."""
        self.keys = []
        self._domains = set()


def same_words(reason: str, recipient: str) -> list[str]:
    """The words of a refusal without what is another one each time: names, numbers of queues.

    >>> same_words("554 5.7.1 <ada@one.example>: denied, id 4F2A", "ada@one.example")
    ['554', '5.7.1', 'denied,', 'id']
    """
    domain = _domain(recipient)
    return [
        word
        for word in reason.lower().split()
        if _STATUS.fullmatch(word)
        or not ("@" in word or domain in word or any(map(str.isdigit, word)))
    ]


def _domain(recipient: str) -> str:
    return recipient.rpartition("@")[2].lower()
