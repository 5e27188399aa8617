"""Who a file names and who stays out all the same, as it is told."""

from bisect import insort
from collections.abc import Sequence

MOST_LINES = 20


class KeptOut:
    """How many rows say themselves that somebody is not to be mailed, and the first of them."""

    def __init__(self) -> None:
        self.number = 0
        self.has_paused = False
        self._first: list[tuple[int, str]] = []

    def add(self, line: int, why: str) -> None:
        """One more, in any order."""
        self.number += 1
        if len(self._first) < MOST_LINES or line < self._first[-1][0]:
            insort(self._first, (line, why))
            del self._first[MOST_LINES:]

    def in_words(self) -> str:
        """How many they are, and in which lines.

        >>> people = KeptOut()
        >>> people.add(3, "'bounced'")
        >>> people.in_words()
        "1 rows are marked pending, ended or suppressed and were left out: line 3 ('bounced')"
        """
        words = "pending, paused, ended" if self.has_paused else "pending, ended"
        marked = f"{self.number} rows are marked {words} or suppressed and were left out"
        return f"{marked}: {lines_of(self._first, self.number)}"


def lines_of(first: Sequence[tuple[int, str]], number: int) -> str:
    """Lines with why, not more of them than somebody reads, of so many.

    >>> lines_of([(3, "'bounced'"), (7, "")], 9)
    "line 3 ('bounced'), line 7 and 7 more"
    """
    told = [f"line {line}" + (f" ({why})" if why else "") for line, why in first[:MOST_LINES]]
    more = number - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")
