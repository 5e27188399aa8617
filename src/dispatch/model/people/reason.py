"""Why somebody has left: one of a few reasons, and a line; kept without them."""

from enum import StrEnum

LONGEST_REMARK = 300
"""Characters of the line."""


class Reason(StrEnum):
    """What people may say; the words are those of the database."""

    OFTEN = "too often"
    TOPIC = "not their topic any more"
    NEVER = "never asked for it"
    OTHER = "something else"
