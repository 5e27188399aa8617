"""What all groups of keys in schedules.yaml have in common."""

from pydantic import BaseModel, ConfigDict


class Keys(BaseModel):
    """One group of keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
