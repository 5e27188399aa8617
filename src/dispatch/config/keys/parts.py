"""The keys of schedules.yaml and their meaning, part by part; the whole is in file_keys.py."""

from datetime import timedelta

from pydantic import ConfigDict, Field

from dispatch.config.keys.group import Keys
from dispatch.config.keys.types import (
    At,
    AtMost,
    BackfillWord,
    ChannelNames,
    ColumnRule,
    CronLine,
    Day,
    DaysOff,
    Duration,
    Email,
    Every,
    FeedUrl,
    Hours,
    Name,
    On,
    Quiet,
    Share,
    Text,
    Timezone,
)
from dispatch.config.values import schedule as schedule_words
from dispatch.model.campaigns.campaign import Each, NoAlt, Shows
from dispatch.model.campaigns.sending import Passed
from dispatch.model.intake.feed import NOTHING
from dispatch.model.intake.post import WhenEmpty
from dispatch.model.people.refusal import Merge


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
    when_empty: WhenEmpty = Field(
        default=WhenEmpty.SKIP,
        description="What happens without any new post: skip leaves the run out; send makes an"
        " edition all the same.",
    )


class ScheduleKeys(Keys):
    """When a campaign runs."""

    # Which of these belong together is checked in schedule_keys.py, by their names.
    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["every", "at"]},
                {"required": ["cron"]},
                {"required": ["on"], "properties": {"on": {"const": schedule_words.NEW_POST}}},
            ]
        }
    )

    every: Every | None = Field(
        default=None,
        description="day, weekday (Monday to Friday), a weekday, a list of weekdays, a number of"
        " weeks, or month; either this, `cron`, or `on: new post`.",
        examples=["tuesday", ["tuesday", "friday"], "2 weeks"],
    )
    on: On | None = Field(
        default=None,
        description="With every: month, which days of it: first monday, last friday, 15th, last"
        " day, or a list; 31st is the last day of a shorter month. With a number of weeks, the"
        " weekday or a list of them. Alone: new post, which runs it whenever there is one.",
        examples=["first monday", ["1st", "15th"], "new post"],
    )
    at: At | None = Field(
        default=None,
        description="Local time, in quotes, or a list of times; needed with `every`.",
        examples=["09:00", ["09:00", "17:30"]],
    )
    cron: CronLine | None = Field(
        default=None,
        description="Instead of `every`, `on` and `at`: minute, hour, day, month and weekday in"
        " quotes. Weekdays are named.",
        examples=["0 9 * * tue"],
    )
    timezone: Timezone | None = Field(
        default=None,
        description="Where the times are read from the clock; by default the file's time zone.",
        examples=["Europe/Paris"],
    )
    from_: Day | None = Field(
        default=None,
        alias="from",
        description="The first day on which it may run. A number of weeks is counted from it.",
        examples=["2026-01-05"],
    )
    until: Day | None = Field(
        default=None, description="The last day on which it may run.", examples=["2026-12-18"]
    )
    except_: DaysOff | None = Field(
        default=None,
        alias="except",
        description="Days on which it does not run: dates; file: and an iCalendar file in the"
        " workspace; holidays: and a country, or a part of one. Countries need the extra"
        " `holidays`.",
        examples=[["2026-12-24", "file:holidays.ics", "holidays:FR-57"]],
    )
    debounce: Duration | None = Field(
        default=None,
        description="With on: new post, how long after the last of them it waits for more; 10m by"
        " default. After the first it waits four times as long at most.",
        examples=["10m", "1h"],
    )
    spacing: Duration | None = Field(
        default=None,
        description="With on: new post, the least time between two editions; none by default.",
        examples=["2h"],
    )
    per_day: int | None = Field(
        default=None,
        ge=1,
        strict=True,
        description="With on: new post, how many editions a local day may have; no limit by"
        " default.",
        examples=[3],
    )
    late: Duration = Field(
        default_factory=lambda: timedelta(hours=6),
        description="How late a run may still start, after a breakdown for example; 6h by default.",
        examples=["6h"],
    )
    ahead: Duration = Field(
        default_factory=timedelta,
        description="How long before its time an edition is made, for those who review it, or for"
        " readers whose morning comes earlier; it goes out at its time. At its time by default.",
        examples=["18h"],
    )
    quiet: Quiet | None = Field(
        default=None,
        description="From when to when nothing leaves, by local time, in quotes; what is due then"
        " waits for the end.",
        examples=["22:00-07:00"],
    )
    business_days: bool = Field(
        default=False,
        strict=True,
        description="true: nothing leaves on Saturdays, Sundays and the days of `except`; what is"
        " due then waits for the next business day. Needs `quiet`.",
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
        description="An edition of which more than this share is refused, or bounces hard or is"
        " complained about while it goes out, pauses until a person looks at it; it takes 100"
        " answers at least. never: it goes on.",
        examples=["5%", "never"],
    )
    segment: Text | None = Field(
        default=None,
        description="A rule that picks some of the audience, or the name of a saved one; by default"
        " everybody.",
        examples=["locale == 'fr'", "french-teachers"],
    )
    local_time: bool = Field(
        default=False,
        strict=True,
        description="true: each reader gets it when it is the schedule's hour in their own time"
        " zone; who named none, in the campaign's.",
    )
    passed: Passed = Field(
        default=Passed.AT_ONCE,
        description="With local_time, what readers get whose hour has passed when it may go out: it"
        " goes to them at once, or tomorrow at that hour.",
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
    every: Duration | None = Field(
        default=None,
        description="How far apart the snippets of an edition are kept; by default as the network"
        " has it, which is a minute for most.",
        examples=["20m", "2h"],
    )
    hours: Hours | None = Field(
        default=None,
        description="From when to when they leave, by local time, in quotes; what is due at another"
        " time waits for the next day. At any time by default.",
        examples=["08:00-20:00"],
    )
    shows: Shows = Field(
        default=Shows.CARD,
        description="What stands beside the text: card, that of its link, the default; picture,"
        " that of the post; text, nothing. Where a network cannot, it shows what it can.",
    )
    no_alt: NoAlt = Field(
        default=NoAlt.TITLE,
        description="What becomes of a picture that nobody has described: title, that of its post"
        " stands for it, the default; refuse, the edition is not approved; leave out, the post goes"
        " out without it.",
    )
    mentions: bool = Field(
        default=False,
        strict=True,
        description="true: @name in the words of a post tells that account; not by default.",
    )
    warning: Text | None = Field(
        default=None,
        description="A content warning; where a network has none, the text begins with it.",
        examples=["Politics"],
    )


class SubscriberFileKeys(Keys):
    """How the file of one audience is read, where its columns do not say it themselves."""

    columns: dict[str, ColumnRule] = Field(
        default_factory=dict,
        description="Heading to what the column is: ignore (a field of your own), state (a word"
        " such as active), subscribed (yes may be mailed), unsubscribed (yes may not), or the name"
        " of one of dispatch's columns; or each of its words to active, pending or ended.",
        examples=[{"Opt status": "ignore"}, {"Opt status": {"Y": "active", "N": "ended"}}],
    )
    merge: Merge = Field(
        default=Merge.REPLACE,
        description="What the file does to what is known of people who are here already: replace"
        " (it says all, and what it leaves empty becomes empty), overwrite (what it says counts),"
        " fill (only what is empty) or keep (nothing changes). What they chose themselves stays.",
    )
