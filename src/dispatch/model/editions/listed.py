"""An edition as a list shows it, or a slot that made none."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.model.campaigns.approval import PASSED_OVER, Otherwise
from dispatch.model.editions.edition import SCHEDULED, EditionState
from dispatch.model.editions.letter import LETTERS

SKIPPED = "skipped"
PARTLY_FAILED = "partly failed"

STAGES = (
    "draft",
    "in review",
    "changes requested",
    "approved",
    SCHEDULED,
    "sending",
    "paused",
    "finished",
    PARTLY_FAILED,
    SKIPPED,
    "rejected",
    "cancelled",
)
"""All that a list may be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEdition:
    """A run and what came of it; `edition` is an id, or empty where it made none.

    `skipped` says why. `title` is the subject that somebody wrote, or the title of its first post.
    `trouble` says whether a delivery came to no good end. `readers` is 0 before it was addressed.
    """

    run: int
    campaign: str
    slot: str
    moment: datetime
    manual: bool
    skipped: str = ""
    edition: str = ""
    state: EditionState | None = None
    title: str = ""
    is_written: bool = False
    posts: int = 0
    readers: int = 0
    reason: str = ""
    note: str = ""
    ended_by: str = ""
    approved_by: str = ""
    deadline: datetime | None = None
    otherwise: Otherwise = Otherwise.SKIP
    goes_out: datetime | None = None
    trouble: bool = False

    @property
    def is_letter(self) -> bool:
        """Whether no schedule made it."""
        return self.campaign == LETTERS

    def stage(self, now: datetime) -> str:
        """The word for where it stands."""
        if self.state is None:
            return SKIPPED
        if self.state is EditionState.REJECTED and self.ended_by in PASSED_OVER:
            return SKIPPED
        if self.state is EditionState.FINISHED and self.trouble:
            return PARTLY_FAILED
        if self.state is EditionState.APPROVED and self.goes_out and self.goes_out > now:
            return SCHEDULED
        return self.state.value
