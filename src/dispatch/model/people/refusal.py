"""Why a row of a file brings nobody in, and what becomes of what is known of the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Refusal(StrEnum):
    """Why a row does not count; the words are those of tables and files."""

    WRONG_ADDRESS = "wrong address"
    WRONG_ROW = "wrong row"
    TWICE = "twice in the file"
    NOT_MAILED = "not to be mailed"  # so the file says
    PENDING = "pending"  # so the file says: not confirmed yet
    PAUSED = "paused"  # so the file says
    LEFT = "left before"
    SUPPRESSED = "suppressed"
    ERASED = "erased"


class Merge(StrEnum):
    """What a file does to what is known of somebody who is here already.

    What they have chosen themselves stays in any case.
    """

    REPLACE = "replace"  # it says all, and what it leaves empty becomes empty
    OVERWRITE = "overwrite"  # what it says counts, and what it leaves empty stays
    FILL = "fill"  # only what is empty is filled
    KEEP = "keep"  # nothing changes


@dataclass(frozen=True, slots=True)
class Refused:
    """How many rows do not count for one reason, and the first of them: line and details."""

    why: Refusal
    number: int
    first: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of the rows of a file: each is one of these."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: Sequence[Refused] = ()

    @property
    def number_refused(self) -> int:
        """How many rows do not count."""
        return sum(one.number for one in self.refused)

    @property
    def rows(self) -> int:
        """How many there are in all."""
        return self.new + self.changed + self.unchanged + self.number_refused

    def lines_of(self, *reasons: Refusal) -> Refused:
        """What was refused for any of these reasons, as one; its `why` is the first."""
        found = [one for one in self.refused if one.why in reasons]
        first = sorted((line, one.why.value) for one in found for line, _ in one.first)
        return Refused(reasons[0], sum(one.number for one in found), first)
