"""What somebody did, as the audit log keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A line of the audit log: `act` is such as `edition.approve`, `kind` what it was done to.

    `detail` holds what else there is to say, and never a secret nor a reader's address.
    """

    id: int
    at: datetime
    by: str
    act: str
    kind: str = ""
    subject: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    origin: str = ""
