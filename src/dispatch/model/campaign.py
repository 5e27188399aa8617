"""A standing plan: which feeds, which people and accounts, when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dispatch.model.message import Address
from dispatch.model.post import PostRule
from dispatch.model.schedule import Schedule


@dataclass(frozen=True, slots=True)
class EmailPlan:
    """The digest of a campaign: to whom, from which template, over which channel.

    `segment` is an expression over the subscriber's fields that must be true, or empty.
    """

    audience: str
    template: str
    via: str
    segment: str = ""


class Each(StrEnum):
    """What one snippet is made for."""

    POST = "post"
    EDITION = "edition"


@dataclass(frozen=True, slots=True)
class SocialPlan:
    """The snippets of a campaign on one channel."""

    via: str
    template: str
    each: Each = Each.POST


def channels_of(email: EmailPlan | None, social: tuple[SocialPlan, ...]) -> tuple[str, ...]:
    """The names of the channels that these plans use, each once, email first."""
    first = (email.via,) if email else ()
    return tuple(dict.fromkeys(first + tuple(plan.via for plan in social)))


@dataclass(frozen=True, slots=True)
class Campaign:
    """A standing plan in `schedules.yaml`. It has an email plan, social plans, or both."""

    name: str
    feeds: tuple[str, ...]
    title: str
    posts: PostRule = field(default_factory=PostRule)
    schedule: Schedule | None = None
    approval_needed: bool = False
    email: EmailPlan | None = None
    social: tuple[SocialPlan, ...] = ()

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the channels it uses, each once, email first."""
        return channels_of(self.email, self.social)

    @property
    def templates(self) -> tuple[str, ...]:
        """The names of the templates it uses, each once."""
        email = (self.email.template,) if self.email else ()
        return tuple(dict.fromkeys(email + tuple(plan.template for plan in self.social)))


@dataclass(frozen=True, slots=True)
class ChannelPlan:
    """One configured account at a provider; `options` are as written, secrets still named."""

    name: str
    provider: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who writes to the readers, in what language by default, and where their links lead.

    `public_url` has no slash at its end.
    """

    sender: Address
    public_url: str
    timezone: str
    locale: str
