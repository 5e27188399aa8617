"""The keys of schedules.yaml as a whole; JSON Schema and reference come from here."""

from pydantic import Field

from dispatch.config.keys.approval import ApprovalKeys
from dispatch.config.keys.bounces import BouncesKeys
from dispatch.config.keys.brand import BrandKeys
from dispatch.config.keys.channels import ChannelKeys
from dispatch.config.keys.forms import AudienceKeys, FormKeys
from dispatch.config.keys.group import Keys
from dispatch.config.keys.letters import LettersKeys
from dispatch.config.keys.notify import ReceiverKeys
from dispatch.config.keys.parts import (
    EmailKeys,
    FeedKeys,
    PostsKeys,
    ScheduleKeys,
    SenderKeys,
    SocialKeys,
    SubscriberFileKeys,
)
from dispatch.config.keys.people import PeopleKeys
from dispatch.config.keys.team import TeamKeys
from dispatch.config.keys.types import Locale, Name, PublicUrl, Text, Timezone
from dispatch.model.campaigns.archive import Archive
from dispatch.model.campaigns.cadence import Cadence


class CadenceKeys(Keys):
    """The campaign of one cadence: what it has of its own, the rest is its family's."""

    title: Text | None = Field(
        default=None, description="How readers see it; by default as the family."
    )
    template: Name | None = Field(
        default=None, description="A folder in templates/; by default the family's."
    )
    schedule: ScheduleKeys | None = Field(
        default=None, description="When it runs; without it, only when a person starts it."
    )
    posts: PostsKeys | None = Field(
        default=None,
        description="What is different from the family's `posts`; `topics` are the same for all.",
    )
    social: list[SocialKeys] = Field(
        default_factory=list,
        description="The snippets that go out with this cadence, and with no other.",
    )


class CadencesKeys(Keys):
    """How often readers can have it: they choose one of these, each with its own schedule."""

    default: Cadence = Field(
        description="What readers get who have chosen none of those offered.", examples=["weekly"]
    )
    each_post: CadenceKeys | None = Field(
        default=None, alias="each post", description="As soon as there is something."
    )
    daily: CadenceKeys | None = Field(default=None, description="Every day.")
    weekly: CadenceKeys | None = Field(default=None, description="Once a week.")
    monthly: CadenceKeys | None = Field(default=None, description="Once a month.")

    @property
    def offered(self) -> dict[Cadence, CadenceKeys]:
        """The cadences that stand there, from the shortest to the longest."""
        all_four = (self.each_post, self.daily, self.weekly, self.monthly)
        found = zip(Cadence, all_four, strict=True)
        return {cadence: keys for cadence, keys in found if keys is not None}


class CampaignKeys(Keys):
    """A standing plan: it has email, social, or both."""

    title: Text | None = Field(
        default=None, description="How readers see it; by default the sender's name."
    )
    feeds: list[Name] = Field(
        min_length=1,
        description="Names from `feeds`, in the order of reading.",
        examples=[["blog"]],
    )
    posts: PostsKeys = Field(
        default_factory=PostsKeys, description="Which new posts make an edition."
    )
    schedule: ScheduleKeys | None = Field(
        default=None, description="When it runs; without it, only when a person starts it."
    )
    approval: ApprovalKeys | None = Field(
        default=None, description="Whether editions wait to be approved; they do not by default."
    )
    cadences: CadencesKeys | None = Field(
        default=None,
        description="Makes a family of it: a campaign for each cadence, and readers choose. Needs"
        " `email`, and has no `schedule` or `social` of its own.",
    )
    email: EmailKeys | None = Field(default=None, description="The digest.")
    social: list[SocialKeys] = Field(
        default_factory=list, description="The snippets, one entry for each channel."
    )
    archive: Archive = Field(
        default=Archive.OFF,
        description="Whether editions that have gone out stand on the web: public, for anybody and"
        " for search engines; unlisted, for who has the link; off, the default.",
    )


class FileKeys(Keys):
    """What schedules.yaml may say."""

    timezone: Timezone = Field(
        default="UTC", description="IANA time zone of the team.", examples=["Europe/Paris"]
    )
    locale: Locale = Field(
        default="en", description="Language of readers who named none.", examples=["fr", "fr-CA"]
    )
    sender: SenderKeys | None = Field(
        default=None, description="Who the digests are from; needed where a campaign has email."
    )
    brand: BrandKeys | None = Field(
        default=None, description="Logo, colour and address, in letters and on readers' pages."
    )
    public_url: PublicUrl | None = Field(
        default=None,
        description="Where readers' links lead; needed where a campaign has email.",
        examples=["https://news.example.org"],
    )
    feeds: dict[Name, FeedKeys] = Field(
        description="The feeds, each under a name.",
        examples=[{"blog": {"url": "https://blog.example.org/feed.xml"}}],
    )
    channels: dict[Name, ChannelKeys] = Field(
        default_factory=dict,
        description="The accounts messages go out by; `outbox`, which writes files, is built in.",
    )
    bounces: BouncesKeys | None = Field(
        default=None,
        description="The mailbox that gets what mail servers send back, for channels of `smtp`.",
        examples=[{"address": "bounces@example.org", "maildir": "/var/mail/bounces"}],
    )
    campaigns: dict[Name, CampaignKeys] = Field(
        description="The standing plans, each under a name.",
        examples=[{"weekly": {"feeds": ["blog"]}}],
    )
    letters: LettersKeys = Field(
        default_factory=LettersKeys,
        description="Editions that no schedule made, which the team writes on a page.",
        examples=[{"approval": {"by": "marie", "other_than_author": True}}],
    )
    segments: dict[Name, Text] = Field(
        default_factory=dict,
        description="Rules that pick some of an audience, each under a name that a campaign's"
        " `segment` may say instead.",
        examples=[{"french-teachers": "locale == 'fr' and 'teaching' in topics"}],
    )
    audiences: dict[Name, AudienceKeys] = Field(
        default_factory=dict,
        description="How readers see audiences, each under its name.",
        examples=[{"readers": {"title": "The Weekly", "about": "Every Tuesday morning."}}],
    )
    forms: dict[Name, FormKeys] = Field(
        default_factory=dict,
        description="The forms by which people join, each under a name. Without this key there is"
        " one for each audience that a campaign writes to, by its name; `{}` means none.",
        examples=[{"newsletter": {"audiences": ["readers"], "fields": ["name"]}}],
    )
    people: PeopleKeys = Field(
        default_factory=PeopleKeys,
        description="What is kept of people, and for how long.",
        examples=[{"erase_after": "2 years"}],
    )
    team: TeamKeys = Field(
        default_factory=TeamKeys,
        description="The people who make all this, and how they sign in.",
        examples=[{"sign_in": {"second_factor": "required"}}],
    )
    notify: dict[Name, ReceiverKeys] = Field(
        default_factory=dict,
        description="Programs elsewhere that are told what happens here, each under a name.",
        examples=[
            {"crm": {"url": "https://crm.example.org/hooks/dispatch", "secret": "env:CRM_SECRET"}}
        ],
    )
    subscribers: dict[Name, SubscriberFileKeys] = Field(
        default_factory=dict,
        description="How the files in subscribers/ are read, each under the name of its audience.",
        examples=[{"readers": {"columns": {"Opt status": "ignore"}}}],
    )
