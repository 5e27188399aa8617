"""A letter: an edition that no schedule made, written by the team."""

from dataclasses import dataclass

LETTERS = "(letter)"
"""What stands for a letter's campaign: no name in schedules.yaml can be written so."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What an edition has more where it is a letter.

    With `tells`, its posts count as told by it: their campaigns leave them out. `copy_of` is the
    edition that it began as a copy of, or empty.
    """

    tells: bool = False
    copy_of: str = ""
