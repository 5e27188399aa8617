"""A standing plan: which feeds, which people and accounts, when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from dispatch.model.campaigns.approval import ApprovalRule
from dispatch.model.campaigns.archive import Archive
from dispatch.model.campaigns.brand import Brand
from dispatch.model.campaigns.cadence import Cadence, CadenceOffer
from dispatch.model.campaigns.new_posts import NewPosts
from dispatch.model.campaigns.pace import Pace
from dispatch.model.campaigns.schedule import Schedule
from dispatch.model.campaigns.sending import SendingRule
from dispatch.model.campaigns.sending_hours import QuietHours
from dispatch.model.delivery.message import Address
from dispatch.model.intake.post import PostRule


@dataclass(frozen=True, slots=True)
class EmailPlan:
    """The digest of a campaign: to whom, from which template, over which channel.

    `segment` is an expression over the subscriber's fields that must be true, or empty. The
    channels of `failover` step in, in order, while `via` is down. When more than the share
    `pause_at` of those answered for is refused, the edition is paused. With an `offer`, it goes to
    those of the audience who have this cadence.
    """

    audience: str
    template: str
    via: str
    segment: str = ""
    failover: tuple[str, ...] = ()
    pause_at: float = 0.1
    offer: CadenceOffer | None = None

    @property
    def offers_choice(self) -> bool:
        """Whether its readers can choose how often it comes."""
        return self.offer is not None and self.offer.is_choice


class Each(StrEnum):
    """What one snippet is made for."""

    POST = "post"
    EDITION = "edition"


class Shows(StrEnum):
    """What stands with a snippet beside its text."""

    CARD = "card"  # the link's, with its picture
    PICTURE = "picture"  # the post's own
    TEXT = "text"  # nothing


class NoAlt(StrEnum):
    """What becomes of a picture that nobody has described."""

    TITLE = "title"  # the title of its post stands for that
    REFUSE = "refuse"  # the edition is not approved until somebody has
    LEAVE_OUT = "leave out"  # the post goes out without it


@dataclass(frozen=True, slots=True)
class SocialPlan:
    """The snippets of a campaign on one channel.

    `every` is how far apart they are kept, None: as the network has it. In the `quiet` hours none
    leaves. Only with `mentions` does "@name" in a post tell that
    account. `warning` is a content warning. `max_text` is what the account was known to take when
    the edition was made, None: what its provider declares.
    """

    via: str
    template: str
    each: Each = Each.POST
    every: timedelta | None = None
    quiet: QuietHours | None = None
    shows: Shows = Shows.CARD
    no_alt: NoAlt = NoAlt.TITLE
    mentions: bool = False
    warning: str = ""
    max_text: int | None = None


def channels_of(email: EmailPlan | None, social: tuple[SocialPlan, ...]) -> tuple[str, ...]:
    """The names of the channels that these plans use, each once, email first."""
    first = (email.via, *email.failover) if email else ()
    return tuple(dict.fromkeys(first + tuple(plan.via for plan in social)))


@dataclass(frozen=True, slots=True)
class Campaign:
    """A standing plan in `schedules.yaml`. It has an email plan, social plans, or both.

    It runs by its `schedule`, on `new_posts`, or with neither only when a person starts it.
    """

    name: str
    feeds: tuple[str, ...]
    title: str
    posts: PostRule = field(default_factory=PostRule)
    schedule: Schedule | None = None
    new_posts: NewPosts | None = None
    sending: SendingRule = field(default_factory=SendingRule)
    approval_needed: bool = False
    approval: ApprovalRule = field(default_factory=ApprovalRule)
    email: EmailPlan | None = None
    social: tuple[SocialPlan, ...] = ()
    archive: Archive = Archive.OFF

    @property
    def when(self) -> Schedule | NewPosts | None:
        """When it runs by itself; None: only when a person starts it."""
        return self.schedule or self.new_posts

    @property
    def when_told(self) -> str:
        """The same for people; empty where only a person starts it."""
        return self.when.words if self.when else ""

    @property
    def family(self) -> str:
        """The family that it is the campaign of one cadence of, or empty."""
        return self.email.offer.family if self.email and self.email.offer else ""

    @property
    def cadence(self) -> Cadence | None:
        """The cadence that it has in its family."""
        return self.email.offer.cadence if self.email and self.email.offer else None

    @property
    def is_in_public(self) -> bool:
        """Whether its archive is told of: of a family, that of the default cadence only.

        The others tell the same posts, at addresses of their own.
        """
        offer = self.email.offer if self.email else None
        return self.archive is Archive.PUBLIC and (offer is None or offer.is_default)

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the channels it uses, each once, email first."""
        return channels_of(self.email, self.social)

    @property
    def all_channels(self) -> tuple[str, ...]:
        """The same, and the one that its reviewers are told by."""
        told_by = (self.approval.tell_via,) if self.approval.tell_via else ()
        return tuple(dict.fromkeys(self.channels + told_by))

    @property
    def templates(self) -> tuple[str, ...]:
        """The names of the templates it uses, each once."""
        email = (self.email.template,) if self.email else ()
        return tuple(dict.fromkeys(email + tuple(plan.template for plan in self.social)))


@dataclass(frozen=True, slots=True)
class DkimPlan:
    """How a channel signs its mails; `key` names the private key, as env:NAME or file:PATH."""

    domain: str
    selector: str
    key: str = field(repr=False)  # somebody may have written the key itself

    def is_aligned_with(self, email: str) -> bool:
        """Whether a signature of this domain counts for mails from this address with DMARC.

        True where one domain is the other or above it (RFC 7489, 3.1.1). Two domains below a
        common one may be aligned too, which only a list of all public suffixes could tell.
        """
        signed, sender = (f".{name.lower()}" for name in (self.domain, email.rpartition("@")[2]))
        return signed.endswith(sender) or sender.endswith(signed)


@dataclass(frozen=True, slots=True)
class ChannelPlan:
    """One configured account at a provider; `options` are as written, secrets still named.

    `posts_per_month` is its budget: no more than that is posted in a calendar month.
    """

    name: str
    provider: str
    options: Mapping[str, Any] = field(default_factory=dict)
    dkim: DkimPlan | None = None
    pace: Pace = field(default_factory=Pace)
    posts_per_month: int | None = None


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who writes to the readers, in what language by default, and where their links lead.

    `public_url` has no slash at its end.
    """

    sender: Address
    public_url: str
    timezone: str
    locale: str
    brand: Brand = field(default_factory=Brand)
