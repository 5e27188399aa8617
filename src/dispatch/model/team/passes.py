"""What can be used once and ends by itself: a code, a new password, the way back from a service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class Purpose(StrEnum):
    """What somebody may do who has one."""

    FIRST = "first owner"  # be the first person of the team
    RESET = "reset"  # choose a new password
    CODE = "code"  # their password was right: say the code of their app, too
    FACTOR = "factor"  # an app that is being set up
    SERVICE = "service"  # come back from the sign-in service
    CONNECT = "connect"  # come back from a network that has let a channel in


VALID_FOR: Mapping[Purpose, timedelta] = {
    Purpose.FIRST: timedelta(days=30),
    Purpose.RESET: timedelta(hours=1),
    Purpose.CODE: timedelta(minutes=10),
    Purpose.FACTOR: timedelta(minutes=30),
    Purpose.SERVICE: timedelta(minutes=10),
    Purpose.CONNECT: timedelta(minutes=30),
}
"""How long each holds."""


@dataclass(frozen=True, slots=True)
class Pass:
    """`subject` is whose it is, such as a handle; `detail` what goes with it."""

    mark: str = field(repr=False)
    purpose: Purpose
    subject: str
    made: datetime
    ends: datetime
    detail: Mapping[str, Any] = field(default_factory=dict, repr=False)
