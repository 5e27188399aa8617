"""Moments that programs say: with their zone, and none that no database knows."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

from dispatch.errors import BadInput


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is before the first moment or behind the last that is kept") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""One in a body or behind the question mark."""


def moment_in(cursor: str) -> datetime:
    """One that a cursor says; raises BadInput."""
    try:
        moment = datetime.fromisoformat(cursor)
        if moment.tzinfo is not None:
            return _in_utc(moment)
    except ValueError:
        pass
    raise BadInput(["cursor: is none of this list - begin without one"])
