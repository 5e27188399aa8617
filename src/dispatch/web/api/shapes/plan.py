"""What calls say and hear that change schedules.yaml."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

Keys = dict[str, Any]
"""Keys of schedules.yaml with their values."""


class ChangeQuery(BaseModel):
    """How a change is meant."""

    model_config = ConfigDict(extra="forbid")

    try_only: bool = Field(
        default=False,
        description="true: check the change and show what it would do to the file, and write"
        " nothing.",
        examples=[True],
    )


class PlanChanged(BaseModel):
    """What became of a change of schedules.yaml."""

    name: str = Field(description="What was changed, by its name in the file.", examples=["blog"])
    changed: bool = Field(
        description="Whether the file says anything else now, or would.", examples=[True]
    )
    written: bool = Field(
        description="Whether the file was written: false where nothing differs, and where the call"
        " was only to try.",
        examples=[True],
    )
    fingerprint: str = Field(
        description="The fingerprint of schedules.yaml as it is now. It is the ETag, too.",
        examples=["5f2b0c9d0e1a4b7c"],
    )
    diff: list[str] = Field(
        description="The lines that differ, with some around them; each begins with a space, -, +"
        " or @.",
        examples=[["+  blog: {url: https://blog.example.org/feed.xml}"]],
    )
