"""What a file of the workspace said at one time."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FileVersion:
    """`by` is empty where it was written beside the pages; `content` is kept apart in lists."""

    id: int
    file: str
    fingerprint: str
    by: str
    at: datetime
    content: str = ""
