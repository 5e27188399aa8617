"""Who may let an edition go out, and what happens when nobody does in time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

BY_DEADLINE = "the deadline"
"""Who approved, or rejected, an edition about which nobody had decided in time."""

BY_LATENESS = "the schedule"
"""Who rejected an edition that could not go out in time: its campaign's `late` had passed."""

PASSED_OVER = frozenset({BY_DEADLINE, BY_LATENESS})
"""Who rejects where no person did."""

NOBODY_NEEDED = "no approval needed"
"""Who approved an edition whose campaign wants no approval."""


class Otherwise(StrEnum):
    """What becomes of an edition that nobody has approved when its deadline passes."""

    SKIP = "skip"
    SEND = "send"


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """What a campaign says about approvals. `by` names who may approve; nobody named: anybody.

    `deadline` is counted from the slot, or from when the run began where that was later, so that
    a late start takes no time from those who look. The addresses of `tell` hear of it over the
    channel `tell_via`, which is empty where nobody does.
    """

    by: tuple[str, ...] = ()
    other_than_author: bool = False
    deadline: timedelta | None = None
    otherwise: Otherwise = Otherwise.SKIP
    tell: tuple[str, ...] = ()
    tell_via: str = ""

    def review(self, *, needed: bool, moment: datetime, now: datetime) -> "Review":
        """What an edition that is made now, for the slot at `moment`, has to pass."""
        until = max(moment, now) + self.deadline if needed and self.deadline else None
        return Review(
            needed,
            self.by,
            self.other_than_author,
            until,
            self.otherwise,
            self.tell if needed else (),
            self.tell_via if needed else "",
        )


@dataclass(frozen=True, slots=True)
class Review:
    """What an edition has to pass before it goes out: as the campaign said when it was made."""

    needed: bool = False
    by: tuple[str, ...] = ()
    other_than_author: bool = False
    deadline: datetime | None = None
    otherwise: Otherwise = Otherwise.SKIP
    tell: tuple[str, ...] = ()
    tell_via: str = ""

    def why_not(self, person: str, *, author: str) -> str:
        """Why this person cannot approve what `author` has edited; empty if they can.

        >>> Review(other_than_author=True).why_not("Ada ", author="ada")
        'Ada has edited it - somebody else has to approve it'
        """
        name = person.strip()
        allowed = ", ".join(self.by)
        if self.by and not any(same_person(name, one) for one in self.by):
            return f"{name} is not among those who may approve it - ask one of them: {allowed}"
        if self.other_than_author and author and same_person(name, author):
            return f"{name} has edited it - somebody else has to approve it"
        return ""


def same_person(one: str, other: str) -> bool:
    """Whether two names are the same, however they are written."""
    return one.strip().casefold() == other.strip().casefold()
