"""What calls with an Idempotency-Key were answered: kept a day, so that none does twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

UNDER_WAY = 0


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """`asked` is a hash of what was asked; `status` is 0 while nothing was answered."""

    asked: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    at: datetime


class ApiAnswers:
    """One row for each token and key."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
