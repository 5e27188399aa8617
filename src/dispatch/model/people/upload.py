"""A file of people between being handed over and being brought in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

KEPT_FOR = timedelta(hours=24)
"""Then a file that nobody has brought in is forgotten, and what became of one that was."""


class UploadState(StrEnum):
    """How far it is."""

    LOOKING = "looking"  # waits to be looked at, or is
    LOOKED = "looked"
    IMPORTING = "importing"  # waits to be brought in, or is
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody says of a file. `columns` has headings, and what each is taken for.

    `merge` is what the file does to what is known of people; empty: as schedules.yaml says.
    `ground` is how those agreed of whom the file does not say it.
    """

    audience: str
    columns: Mapping[str, str] = field(default_factory=dict)
    merge: str = ""
    ground: str = ""

    def as_written(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "audience": self.audience,
            "columns": dict(self.columns),
            "merge": self.merge,
            "ground": self.ground,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file, without what is in it. `figures` is what was found, as `pipeline` writes it.

    `done` of `total` rows are through with what is being done.
    """

    id: int
    public_id: str
    name: str
    by: str
    state: UploadState
    choices: Choices
    figures: Mapping[str, Any]
    done: int
    total: int
    made_at: datetime
    ends_at: datetime

    @property
    def works(self) -> bool:
        """Whether something is being done with it."""
        return self.state in {UploadState.LOOKING, UploadState.IMPORTING}
