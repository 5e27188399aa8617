"""Another address that a reader has named: it is theirs once somebody there says so."""

from dataclasses import dataclass
from datetime import datetime, timedelta

VALID_FOR = timedelta(days=7)
"""How long the link in which it is confirmed holds."""

MOST_A_DAY = 5
"""New addresses that one reader may name: each of them is written to."""


@dataclass(frozen=True, slots=True)
class AddressChange:
    """One of them; of several by a reader the last one counts."""

    id: int
    public_id: str
    subscriber_id: int
    email: str
    asked: datetime
    confirmed: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether it can be confirmed no more."""
        return now >= self.asked + VALID_FOR
