"""Why what somebody wrote in a piece cannot stand."""

from datetime import date
from enum import StrEnum

from dispatch.errors import BadInput


class Why(StrEnum):
    """The rules that it may break."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOWHERE = "nowhere"
    NO_PICTURE = "no_picture"
    PICTURE_GONE = "picture_gone"
    NONE_TICKED = "none_ticked"
    DAY_OVER = "day_over"
    DAY_TOO_FAR = "day_too_far"


class PieceRefused(BadInput):
    """What is in a `field` cannot stand. `why` and `fact` are for pages' words."""

    def __init__(self, field: str, why: Why, problem: str, *, fact: int | date = 0) -> None:
        self.field = field
        self.why = why
        self.fact = fact
        super().__init__([f"{field}: {problem}"])
