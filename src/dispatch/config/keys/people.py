"""What is kept of people, and for how long."""

from datetime import timedelta

from pydantic import Field, field_validator

from dispatch.config.files.problems import InvalidValueError
from dispatch.config.keys.group import Keys
from dispatch.config.keys.types import LongTime

LEAST = timedelta(days=30)
"""Who left by mistake, or has a question about it, asks within weeks."""


class PeopleKeys(Keys):
    """What is kept of people, and for how long."""

    keep_networks: bool = Field(
        default=False,
        description="Keep with each word of consent from which network it came, cut short"
        " (192.0.2.0/24, 2001:db8:1::/48).",
    )
    erase_after: LongTime | None = Field(
        default=None,
        description="How long people are kept whose subscriptions have all ended; then they are"
        " erased. Without it, until somebody erases them.",
        examples=["2 years"],
    )

    @field_validator("erase_after")
    @classmethod
    def _is_long_enough(cls, value: timedelta | None) -> timedelta | None:
        if value is not None and value < LEAST:
            problem = "is too soon: who left by mistake would be gone"
            raise InvalidValueError(problem, f"write {LEAST.days} days or more, such as 2 years")
        return value
