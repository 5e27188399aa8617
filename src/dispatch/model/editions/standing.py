"""A standing piece: one that comes again in each edition of some campaigns until a day."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime

from dispatch.model.editions.piece import Piece

MOST_CAMPAIGNS = 100
"""That one is for."""

MOST_AFTER = 1_000
"""Posts that are read before it: no edition has more."""

MOST_DAYS = 1_830
"""From today until its last day: five years."""


@dataclass(frozen=True, slots=True)
class Again:
    """What somebody asks for who has a piece come again: until this day, that day included.

    `campaigns` are names, and LETTERS for letters.
    """

    until: date
    campaigns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingPiece:
    """`piece` is what is copied; `after` is how many posts are read before it.

    After the day `until` it rests. By whose clocks a day is reckoned is for each edition to say.
    """

    id: int
    piece: Piece
    campaigns: tuple[str, ...]
    after: int
    until: date
    by: str
    at: datetime
    changed_by: str = ""
    changed_at: datetime | None = None

    @property
    def again(self) -> Again:
        """Where and until when it comes."""
        return Again(self.until, self.campaigns)

    @property
    def key(self) -> str:
        """By what its copy is named in an edition, which has one at most."""
        return f"s{self.id}"

    @property
    def fingerprint(self) -> str:
        """A hash of all that somebody may change in it."""
        told = (self.piece.fingerprint, *self.campaigns, str(self.after), str(self.until))
        return hashlib.sha256("\0".join(told).encode()).hexdigest()

    def rests(self, day: date) -> bool:
        """Whether it does not come any more on that day."""
        return day > self.until

    def comes(self, campaign: str, day: date) -> bool:
        """Whether an edition of the campaign for that day has it."""
        return campaign in self.campaigns and not self.rests(day)

    @property
    def copy(self) -> Piece:
        """What an edition gets."""
        return replace(self.piece, id=self.key, after=self.after, standing=self.id)
