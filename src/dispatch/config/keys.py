"""The keys of schedules.yaml and their meaning; JSON Schema and reference come from here."""

from datetime import time, timedelta
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from dispatch.config import words
from dispatch.config.addresses import checked_address
from dispatch.config.problems import InvalidValueError
from dispatch.model.campaign import Each
from dispatch.model.feed import NOTHING, Backfill
from dispatch.model.schedule import WEEKDAYS

_EVERY = ["day", "weekday", *WEEKDAYS]
_DURATION = {"type": "string", "pattern": f"^{words.DURATION.pattern}$"}
_NAME = {"type": "string", "pattern": f"^{words.NAME.pattern}$"}

Name = Annotated[
    str,
    AfterValidator(words.name),
    WithJsonSchema(_NAME),
]
Text = Annotated[str, AfterValidator(words.line_of_text)]
Email = Annotated[
    str, AfterValidator(checked_address), WithJsonSchema({"type": "string", "format": "email"})
]
Domain = Annotated[str, AfterValidator(words.mail_domain)]
Selector = Annotated[str, AfterValidator(words.selector)]
Timezone = Annotated[str, AfterValidator(words.timezone)]
Locale = Annotated[str, AfterValidator(words.locale)]
PublicUrl = Annotated[
    str,
    AfterValidator(words.public_address),
    WithJsonSchema({"type": "string", "pattern": "^https?://"}),
]
FeedUrl = Annotated[
    str,
    AfterValidator(words.feed_address),
    WithJsonSchema({"type": "string", "pattern": "^(https?://|file:)"}),
]
Duration = Annotated[timedelta, PlainValidator(words.duration), WithJsonSchema(_DURATION)]
At = Annotated[
    time,
    PlainValidator(words.clock_time),
    WithJsonSchema({"type": "string", "pattern": f"^{words.CLOCK_TIME.pattern}$"}),
]
Every = Annotated[
    frozenset[int],
    PlainValidator(words.weekdays),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": _EVERY},
                {"type": "array", "items": {"enum": list(WEEKDAYS)}, "minItems": 1},
            ]
        }
    ),
]
BackfillWord = Annotated[
    Backfill,
    PlainValidator(words.backfill),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0},
                {"type": "string", "pattern": r"^(none|all|since \d{4}-\d\d-\d\d)$"},
            ]
        }
    ),
]
AtMost = Annotated[
    int | None,
    PlainValidator(words.at_most),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "none"}]}),
]
Rate = Annotated[
    float,
    PlainValidator(words.rate),
    WithJsonSchema({"type": "number", "minimum": words.SLOWEST, "maximum": words.FASTEST}),
]
Share = Annotated[
    float,
    PlainValidator(words.share),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "pattern": f"^{words.SHARE.pattern}$"}, {"const": "never"}]}
    ),
]
ChannelNames = Annotated[
    tuple[str, ...],
    PlainValidator(words.channels),
    WithJsonSchema(
        {"anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1, "uniqueItems": True}]}
    ),
]


class Keys(BaseModel):
    """One group of keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SenderKeys(Keys):
    """Who the digests are from."""

    name: Text = Field(description="The name readers see.", examples=["The Weekly"])
    email: Email = Field(description="The address in From.", examples=["news@example.org"])


class FeedKeys(Keys):
    """One feed that is polled."""

    url: FeedUrl = Field(
        description="Address of the feed, or file: and a path in the workspace.",
        examples=["https://blog.example.org/feed.xml"],
    )
    title: Text | None = Field(
        default=None, description="How readers see the feed; by default what it calls itself."
    )
    backfill: BackfillWord = Field(
        default_factory=lambda: NOTHING,
        description="What the first poll takes of the posts already there: none (the default), a"
        " number of posts, since and a date, or all.",
        examples=["none", 5, "since 2026-01-31"],
    )
    fulltext: bool = Field(
        default=False,
        strict=True,
        description="true: where the feed gives only the beginning of a new post, the text of its"
        " page is taken, if its site lets programs read it. Needs the extra `fulltext`.",
    )
    page_images: bool = Field(
        default=False,
        strict=True,
        description="true: a new post without a picture gets the one that its page names for those"
        " who link to it (og:image).",
    )


class DkimKeys(Keys):
    """The signature that goes with every mail; needs the extra `dkim` and a record in the DNS."""

    domain: Domain = Field(
        description="Whose signature it is: the domain of the sender, or one above it.",
        examples=["example.org"],
    )
    selector: Selector = Field(
        description="The name of the key; the DNS has it at <selector>._domainkey.<domain>.",
        examples=["news"],
    )
    key: str = Field(
        description="The private key in PEM, Ed25519 or RSA, named as env:NAME or file:PATH.",
        examples=["file:/run/secrets/dkim.pem"],
    )


class WarmUpKeys(Keys):
    """A new sender's first days: a little more on each of them, until it is `per_day`."""

    first: int = Field(
        ge=1, strict=True, description="How many messages on the first day.", examples=[200]
    )
    days: int = Field(
        ge=1,
        le=365,
        strict=True,
        description="After how many days it is `per_day`.",
        examples=[14],
    )


class PaceKeys(Keys):
    """How fast a channel may go, all workers together; what is left out has no limit."""

    per_second: Rate | None = Field(
        default=None, description="Messages a second, evenly.", examples=[50]
    )
    per_day: int | None = Field(
        default=None,
        ge=1,
        strict=True,
        description="Messages a day, from midnight to midnight in the file's time zone.",
        examples=[20000],
    )
    per_domain: dict[Domain, Rate] = Field(
        default_factory=dict,
        description="Messages a second to the readers at one domain; the others do not wait.",
        examples=[{"gmail.com": 5}],
    )
    connections: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        strict=True,
        description="Connections open at once; by default 5 with `smtp`, else 1.",
        examples=[10],
    )
    warm_up: WarmUpKeys | None = Field(
        default=None, description="A new sender's first days; needs `per_day`."
    )

    @field_validator("warm_up")
    @classmethod
    def _leads_up(cls, warm_up: WarmUpKeys | None, info: ValidationInfo) -> WarmUpKeys | None:
        if warm_up is None or "per_day" not in info.data:  # not there: wrong itself
            return warm_up
        goal = info.data["per_day"]
        if goal is None:
            advice = "add per_day: what it leads up to, such as 20000"
            raise InvalidValueError("needs per_day beside it", advice)
        if warm_up.first > goal:
            problem = f"begins with {warm_up.first}, which is more than per_day"
            raise InvalidValueError(problem, f"begin with fewer than {goal}")
        return warm_up


class ChannelKeys(Keys):
    """One account at a provider."""

    provider: Name = Field(description="The kind of service.", examples=["smtp"])
    options: dict[str, Any] = Field(
        default_factory=dict,
        description="What the provider needs to know. Secrets are named, as env:NAME or file:PATH.",
        examples=[{"host": "smtp.example.org", "password": "env:SMTP_PASSWORD"}],
    )
    dkim: DkimKeys | None = Field(
        default=None, description="How its mails are signed; they are not by default."
    )
    pace: PaceKeys | None = Field(
        default=None, description="How fast it may go; as fast as it can by default."
    )


class PostsKeys(Keys):
    """Which new posts make an edition."""

    at_least: int = Field(
        default=1, ge=1, strict=True, description="With fewer new posts the run is skipped."
    )
    at_most: AtMost = Field(
        default=None,
        description="Of more new posts the newest are taken and the rest wait; none is no limit.",
    )
    hold: Duration = Field(
        default_factory=timedelta,
        description="How long a new post waits before it may be used.",
        examples=["30m", "2h", "1d"],
    )
    topics: list[Text] = Field(
        default_factory=list,
        description="Only posts with one of these topics; all if none is named.",
    )


class ScheduleKeys(Keys):
    """When a campaign runs."""

    every: Every = Field(
        description="day, weekday (Monday to Friday), a weekday, or a list of weekdays.",
        examples=["tuesday"],
    )
    at: At = Field(description="Local time, in quotes.", examples=["09:00"])
    timezone: Timezone | None = Field(
        default=None,
        description="Where `at` is read from the clock; by default the file's time zone.",
        examples=["Europe/Paris"],
    )
    late: Duration = Field(
        default_factory=lambda: timedelta(hours=6),
        description="How late a run may still start, after a breakdown for example; 6h by default.",
        examples=["6h"],
    )


class ApprovalKeys(Keys):
    """Whether a person looks at an edition before it goes out."""

    needed: bool = Field(
        description="true: an edition waits until it is approved.", examples=[True]
    )


class EmailKeys(Keys):
    """The digest of a campaign."""

    audience: Name = Field(
        description="Who gets it; subscribers/<audience>.csv may bring people in.",
        examples=["readers"],
    )
    template: Name = Field(description="A folder in templates/.", examples=["weekly"])
    via: ChannelNames = Field(
        default="outbox",
        validate_default=True,
        description="The channel it goes out by; of several, the next steps in while those before"
        " it are down.",
        examples=["mail", ["mail", "backup"]],
    )
    pause_at: Share = Field(
        default="10%",
        validate_default=True,
        description="An edition of which more than this share is refused pauses until a person"
        " looks at it; it takes 100 answers at least. never: it goes on.",
        examples=["5%", "never"],
    )
    segment: Text | None = Field(
        default=None,
        description="A rule that picks some of the audience; by default everybody.",
        examples=["locale == 'fr'"],
    )


class SocialKeys(Keys):
    """The snippets of a campaign on one channel."""

    via: Name = Field(default="outbox", description="The channel they go out by.")
    template: Name | None = Field(
        default=None, description="A folder in templates/; by default that of the digest."
    )
    each: Each = Field(
        default=Each.POST, description="One snippet for each post, or one for the edition."
    )


class CampaignKeys(Keys):
    """A standing plan: it has email, social, or both."""

    title: Text | None = Field(
        default=None, description="How readers see it; by default made of the name."
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
    email: EmailKeys | None = Field(default=None, description="The digest.")
    social: list[SocialKeys] = Field(
        default_factory=list, description="The snippets, one entry for each channel."
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
    campaigns: dict[Name, CampaignKeys] = Field(
        description="The standing plans, each under a name.",
        examples=[{"weekly": {"feeds": ["blog"]}}],
    )
