"""What comes of a correction on networks, post by post."""

from dataclasses import dataclass
from enum import StrEnum


class Repost(StrEnum):
    """Whether what cannot be edited is deleted and posted again."""

    NEVER = "never"
    INSTEAD = "instead"
    ANYWAY = "anyway"  # also where an answer was lost: a person has seen that it is not there


class Came(StrEnum):
    """What came of one post."""

    SAME = "same"  # says so already
    EDITED = "edited"
    REPOSTED = "reposted"
    FIXED = "fixed"  # cannot be edited there
    DELETED = "deleted"  # taken away, and not posted again
    REFUSED = "refused"
    FAILED = "failed"  # could not be asked for now
    UNKNOWN = "unknown"  # may have been posted again


DONE = frozenset({Came.SAME, Came.EDITED, Came.REPOSTED})
"""Says there what it shall."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """What came of one post on a network. `can_delete`: it could be posted again instead."""

    delivery_id: int
    channel: str
    part: str
    title: str
    came: Came
    address: str = ""
    problem: str = ""
    can_delete: bool = False
