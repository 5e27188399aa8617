"""What a service takes of a text: so many of what it counts, and so many bytes."""

from dataclasses import dataclass

from dispatch.model.text.counting import IN_BYTES, Counter, Counting


@dataclass(frozen=True, slots=True)
class TextLimits:
    """The limits of one channel; None: it has no such limit.

    With `threads` it takes texts that follow each other. `mentions_by_text`: "@name" in a text
    tells that account.
    """

    max_text: int | None = None
    link_cost: int | None = None
    counting: Counting = Counting.CODE_POINTS
    max_bytes: int | None = None
    threads: bool = False
    mentions_by_text: bool = False

    @property
    def counter(self) -> Counter:
        """Counts a text as the service will."""
        return Counter(self.counting, self.link_cost)

    @property
    def counters(self) -> list[tuple[Counter, int]]:
        """All that counts, with how much there may be of it."""
        both = (self.counter, self.max_text), (IN_BYTES, self.max_bytes)
        return [(counter, most) for counter, most in both if most is not None]

    def too_many(self, text: str) -> int:
        """How many characters the text has too many; 0: it fits.

        Where it has too many bytes, as many as are at its end.

        >>> TextLimits(max_text=5).too_many("seven c"), TextLimits(max_bytes=4).too_many("éée")
        (2, 1)
        """
        over = self.counter.count(text) - self.max_text if self.max_text is not None else 0
        data = text.encode() if self.max_bytes is not None else b""
        if len(data) > (self.max_bytes or 0):
            over = max(over, len(text) - len(data[: self.max_bytes].decode(errors="ignore")))
        return max(over, 0)


ANYTHING = TextLimits()
"""Where nothing is known of the channel."""
