"""Somebody who has filled in a form: what they said, until they confirm it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from dispatch.model.people.form import VALID_FOR
from dispatch.model.people.topics import topics_of


@dataclass(frozen=True, slots=True)
class Profile:
    """What they filled in beside the address; empty where they said nothing.

    `language` is that of the page which they read, whether or not they were asked for theirs.
    """

    name: str = ""
    topics: tuple[str, ...] = ()
    cadence: str = ""
    locale: str = ""
    timezone: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    language: str = ""

    def as_written(self) -> dict[str, Any]:
        """As it is kept: what is empty is left out."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "Profile":
        """What `as_written` gave."""
        return cls(**{**written, "topics": topics_of(written.get("topics", ()))})


class SignUpState(StrEnum):
    """Where a sign-up stands."""

    OPEN = "open"  # it can be confirmed
    CONFIRMED = "confirmed"
    OVER = "over"  # nobody confirmed it in time


@dataclass(frozen=True, slots=True)
class SignUp:
    """One of them. `network` is where they were, or empty; `page` where the form stood."""

    id: int
    public_id: str
    form: str
    email: str
    audiences: tuple[str, ...]
    profile: Profile
    wording: str
    page: str
    network: str
    asked: datetime
    confirmed: datetime | None = None
    reminded: datetime | None = None

    def says_the_same(self, profile: Profile, wording: str) -> bool:
        """Whether it has been filled in alike, so that one confirmation is enough for both."""
        return self.profile == profile and self.wording == wording

    def state(self, now: datetime) -> SignUpState:
        """Where it stands at a moment."""
        if self.confirmed:
            return SignUpState.CONFIRMED
        return SignUpState.OPEN if now < self.asked + VALID_FOR else SignUpState.OVER
