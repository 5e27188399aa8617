"""A program elsewhere that is told what happens here."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from dispatch.model.notify.types import ASKED_FOR, Type, matching

ALL = ("*",)


@dataclass(frozen=True, slots=True)
class ReceiverPlan:
    """What `notify:` says of one.

    `secrets` are references, the newest first. `addresses`: whether it gets readers' addresses.
    `is_private`: it is in a network that is not public, which the machine has to allow.
    """

    name: str
    url: str
    secrets: tuple[str, ...]
    events: tuple[str, ...] = ALL
    addresses: bool = False
    is_private: bool = False

    @property
    def host(self) -> str:
        """Where it is, as pages show it: what follows the host may be a secret."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def mark(self) -> str:
        """By which another address is told from this one, without keeping it."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:32]

    @property
    def types(self) -> frozenset[Type]:
        """What it is told."""
        return frozenset(one for pattern in self.events for one in matching(pattern))


class ReceiverState(StrEnum):
    """Whether a receiver is told anything."""

    ON = "on"
    OFF = "off"  # it said that it is gone, or failed for days
    REMOVED = "removed"  # from the file


@dataclass(frozen=True, slots=True)
class Receiver:
    """How it goes with a receiver. `answered_at` is when it last took a notification.

    `waiting` and `failed` are how many there are of each.
    """

    name: str
    mark: str
    state: ReceiverState
    reason: str
    changed_at: datetime
    failing_since: datetime | None
    answered_at: datetime | None
    waiting: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Wanting:
    """What a receiver wants to know, as whoever tells something asks it."""

    name: str
    types: frozenset[str]
    addresses: bool

    def wants(self, type_: Type) -> bool:
        """Whether it is told of such things."""
        return type_.value in self.types or type_ in ASKED_FOR
