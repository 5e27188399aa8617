"""A letter: an edition that no schedule made, written by the team."""

from dataclasses import dataclass

from dispatch.model.campaigns.schedule import Slot

LETTERS = "(letter)"
"""What stands for a letter's campaign: no name in schedules.yaml can be written so."""

TOLD = "(told)"
"""What stands for the family of a letter whose posts count as told, for the same reason."""


def letter_key(slot: Slot, edition_id: str) -> str:
    """The key of a letter's time: two may have the same."""
    return f"{slot.key}{edition_id}"


@dataclass(frozen=True, slots=True)
class Letter:
    """What an edition has more where it is a letter.

    With `tells`, its posts count as told by it: their campaigns leave them out. `copy_of` is the
    edition that it began as a copy of, or empty.
    """

    tells: bool = False
    copy_of: str = ""
