"""The keys below `approval:`."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from dispatch.config.files.problems import InvalidValueError
from dispatch.config.keys.group import Keys
from dispatch.config.keys.types import Addresses, Duration, Name, People
from dispatch.model.campaigns.approval import Otherwise

# What approvals of campaigns and of letters both say.
MayApprove = Annotated[
    People,
    Field(
        description="Who may approve: names as `--by` gives them; anybody by default.",
        examples=["marie", ["marie", "jean"]],
    ),
]
NotItsAuthor = Annotated[
    bool,
    Field(strict=True, description="true: who has edited it last may not approve it."),
]
EXAMPLES_OF_TELL = ["marie@example.org", ["marie@example.org", "jean@example.org"]]


class ApprovalKeys(Keys):
    """Whether a person looks at an edition before it goes out."""

    needed: bool = Field(
        description="true: an edition waits until it is approved.", examples=[True]
    )
    by: MayApprove = ()
    other_than_author: NotItsAuthor = False
    deadline: Duration | None = Field(
        default=None,
        description="How long after its slot an edition may wait, or after it was made if that"
        " was later; without end by default.",
        examples=["4h"],
    )
    otherwise: Otherwise = Field(
        default=Otherwise.SKIP,
        description="What happens at the deadline: skip drops the edition, and its posts wait for"
        " the next one; send lets it go out, unless changes were requested.",
    )

    # Whether these two lead anywhere is checked in reviewers.py, where the channels are known.
    tell: Addresses = Field(
        default=(),
        description="Who is told by mail, with the preview inside, that an edition waits, that"
        " changes were requested, that the deadline is near, and what it decided: an address or"
        " several. Nobody by default.",
        examples=EXAMPLES_OF_TELL,
    )
    tell_via: Name | None = Field(
        default=None,
        description="The channel these mails go out by; by default the digest's, the first one.",
        examples=["mail"],
    )

    @field_validator("deadline")
    @classmethod
    def _leaves_time(cls, deadline: timedelta | None) -> timedelta | None:
        if deadline == timedelta(0):
            raise InvalidValueError("leaves no time", "write how long, such as 4h")
        return deadline

    @field_validator("otherwise")
    @classmethod
    def _comes_to_pass(cls, otherwise: Otherwise, info: ValidationInfo) -> Otherwise:
        if "deadline" in info.data and info.data["deadline"] is None:
            raise InvalidValueError("needs deadline beside it", "add one, such as deadline: 4h")
        return otherwise
