"""A standing plan in words: one sentence for who looks, and its facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from markupsafe import Markup

from dispatch.model.campaigns.approval import Otherwise, same_person
from dispatch.model.campaigns.archive import Archive
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.days import CronDays, MonthDay, MonthDays, Weekdays, Weeks
from dispatch.model.campaigns.new_posts import NewPosts
from dispatch.model.campaigns.schedule import Schedule
from dispatch.model.intake.feed import Feed
from dispatch.web.team.frame import tagged
from dispatch.web.team.times import Times

MONDAY = date(2024, 1, 1)
DAYS_OFF_TOLD = 5


@dataclass(frozen=True, slots=True)
class PlanWords:
    """Tells campaigns in one language.

    `names` are those of people by handle; `readers` the counts by audience, as last counted.
    """

    times: Times
    feeds: Mapping[str, Feed]
    names: Mapping[str, str]
    readers: Mapping[str, int]

    def sentence(self, campaign: Campaign) -> Markup:
        """The whole plan, as a few short sentences."""
        parts = [self._first(campaign), *self._goes(campaign), self._approval(campaign)]
        return Markup(" ").join(parts)

    def when(self, campaign: Campaign) -> str:
        """When it runs, without its zone: `Every Tuesday at 09:00`."""
        when = campaign.when
        if isinstance(when, NewPosts):
            return self._say("plan.new_post")
        if isinstance(when, Schedule):
            return self._scheduled(when)
        return self._say("plan.by_hand")

    def facts(self, campaign: Campaign) -> list[tuple[str, str, str]]:
        """What else there is to say: its name, a word for it, and what it is."""
        found = [
            ("feeds", self.joined(self.feed(name) for name in campaign.feeds)),
            ("new_posts", self._posts(campaign)),
            *self._of_schedule(campaign),
            *self._of_email(campaign),
            ("over", self.joined(campaign.channels)),
            ("templates", self.joined(campaign.templates)),
            ("archive", self._archive(campaign)),
        ]
        return [(name, self._say(f"plan.fact_{name}"), text) for name, text in found if text]

    def feed(self, name: str) -> str:
        """How a feed is called."""
        feed = self.feeds.get(name)
        return feed.title or name if feed else name

    def joined(self, words: Iterable[str]) -> str:
        """Several words as people of this language join them."""
        found = list(words)
        return self.times.all_of(found) if found else ""

    def approvers(self, campaign: Campaign) -> str:
        """Who may approve; empty: anybody whose role lets them."""
        found = [self._name(one) for one in campaign.approval.by]
        return self.times.any_of(found) if found else ""

    def _first(self, campaign: Campaign) -> Markup:
        posts, rule = self._bold("plan.any_posts"), campaign.posts
        if rule.at_least and rule.at_most:
            posts = self._bold("plan.posts_between", least=rule.at_least, most=rule.at_most)
        elif rule.at_least:
            posts = self._bold("plan.posts_at_least", count=rule.at_least)
        elif rule.at_most:
            posts = self._bold("plan.posts_at_most", count=rule.at_most)
        when = tagged(self.times.words, "plan.bold", text=self.when(campaign))
        zone = campaign.when.timezone if campaign.when else ""
        if zone:
            when = self._tag("plan.in_zone", when=when, place=place(zone))
        feeds = self._bold("plan.from_feeds", count=len(campaign.feeds))
        return self._tag("plan.begin", when=when, feeds=feeds, posts=posts)

    def _goes(self, campaign: Campaign) -> list[Markup]:
        found, email = [], campaign.email
        if email is not None:
            number = self.readers.get(email.audience)
            if email.segment or email.offer or number is None:
                found.append(self._tag("plan.to_audience", audience=email.audience))
            else:
                found.append(self._bold("plan.to_readers", count=number))
        if campaign.social:
            accounts = len({plan.via for plan in campaign.social})
            found.append(self._bold("plan.to_accounts", count=accounts))
        if not found:
            return []
        if len(found) == 1:
            return [self._tag("plan.goes", what=found[0])]
        return [self._tag("plan.goes_both", mail=found[0], snippets=found[1])]

    def _approval(self, campaign: Campaign) -> Markup:
        rule = campaign.approval
        if not campaign.approval_needed:
            return self._tag("plan.no_approval")
        who = self.approvers(campaign) or self._say("plan.somebody")
        if rule.deadline is None:
            return self._tag("plan.approval", who=who)
        name = "plan.or_sent" if rule.otherwise is Otherwise.SEND else "plan.or_skipped"
        return self._tag(name, who=who, span=self.times.span(rule.deadline))

    def _posts(self, campaign: Campaign) -> str:
        rule, said = campaign.posts, []
        if rule.hold:
            said.append(self._say("plan.held", span=self.times.span(rule.hold)))
        if rule.at_most:
            said.append(self._say("plan.newest", count=rule.at_most))
        if rule.topics:
            said.append(self._say("plan.topics", topics=self.joined(sorted(rule.topics))))
        return self._say("plan.also").join(said)

    def _of_schedule(self, campaign: Campaign) -> list[tuple[str, str]]:
        when, hours = campaign.when, campaign.sending.hours
        said = []
        if isinstance(when, NewPosts):
            said.append(("pause", self._rhythm(when)))
        if isinstance(when, Schedule):
            said.append(("ahead", self.times.span(when.ahead) if when.ahead else ""))
            said.append(("late", self._say("plan.late", span=self.times.span(when.late))))
        if hours.quiet:
            start, end = self._clock(hours.quiet.start), self._clock(hours.quiet.end)
            said.append(("quiet", self._say("plan.quiet", start=start, end=end)))
        if hours.business_days:
            said.append(("business", self._say("plan.business")))
        if when and (when.first or when.last):
            said.append(("span", self._span(when.first, when.last)))
        if when and when.days_off:
            said.append(("days_off", self._days_off(when.days_off)))
        return said

    def _of_email(self, campaign: Campaign) -> list[tuple[str, str]]:
        email = campaign.email
        if email is None:
            return []
        return [
            ("segment", email.segment),
            ("clock", self._say("plan.own_clock") if campaign.sending.local_time else ""),
            ("instead", self.joined(email.failover)),
            ("cadence", self._cadence(campaign)),
        ]

    def _cadence(self, campaign: Campaign) -> str:
        offer = campaign.email.offer if campaign.email else None
        if offer is None:
            return ""
        word = self._say(f"plan.cadence_{offer.cadence.value.replace(' ', '_')}")
        return self._say("plan.cadence_default", cadence=word) if offer.is_default else word

    def _archive(self, campaign: Campaign) -> str:
        return "" if campaign.archive is Archive.OFF else self._say(f"plan.{campaign.archive}")

    def _rhythm(self, when: NewPosts) -> str:
        said = []
        if when.debounce:
            said.append(self._say("plan.after_last", span=self.times.span(when.debounce)))
        if when.per_day is not None:
            said.append(self._say("plan.a_day", count=when.per_day))
        if when.spacing:
            said.append(self._say("plan.apart", span=self.times.span(when.spacing)))
        return ", ".join(said)

    def _scheduled(self, when: Schedule) -> str:
        at = self.joined(map(self._clock, when.at))
        days = when.days
        if isinstance(days, CronDays):
            return self._say("plan.cron", line=days.text)
        return self._days(days, at)

    def _days(self, days: Weekdays | Weeks | MonthDays, at: str) -> str:
        if isinstance(days, Weekdays):
            if len(days.days) == 7:
                return self._say("plan.every_day", times=at)
            if days.days == frozenset(range(5)):
                return self._say("plan.weekdays", times=at)
            return self._say("plan.every", days=self._weekdays(days.days), times=at)
        if isinstance(days, Weeks):
            names = self._weekdays(days.days)
            return self._say("plan.every_weeks", days=names, n=days.every, times=at)
        names = self.joined(self._month_day(day) for day in days.days)
        return self._say("plan.every_month", days=names, times=at)

    def _month_day(self, day: MonthDay) -> str:
        which = "last" if day.nth == -1 else str(day.nth)
        if day.weekday is not None:
            return self._say(f"plan.nth_{which}", day=self._weekday(day.weekday))
        return self._say("plan.last_day") if day.nth == -1 else self._say("plan.day", n=day.nth)

    def _weekdays(self, days: Iterable[int]) -> str:
        return self.joined(self._weekday(day) for day in sorted(days))

    def _weekday(self, day: int) -> str:
        there = datetime.combine(MONDAY + timedelta(days=day), time(12), UTC)
        return self.times.words.moment(there, "EEEE")

    def _clock(self, at: time) -> str:
        pattern = self.times.words("time.clock")
        return self.times.words.moment(datetime.combine(MONDAY, at, UTC), pattern)

    def _span(self, first: date | None, last: date | None) -> str:
        if first and last:
            return self._say("plan.from_until", first=self._day(first), last=self._day(last))
        if first:
            return self._say("plan.from", day=self._day(first))
        return self._say("plan.until", day=self._day(last)) if last else ""

    def _days_off(self, days: Iterable[date]) -> str:
        today = self.times.local(self.times.now).date()
        coming = sorted(day for day in days if day >= today)
        told = [self._day(day) for day in coming[:DAYS_OFF_TOLD]]
        if more := len(coming) - len(told):
            told.append(self._say("plan.more_days", count=more))
        return self.joined(told)

    def _day(self, day: date) -> str:
        return self.times.day(day)

    def _name(self, handle: str) -> str:
        known = (name for one, name in self.names.items() if same_person(one, handle))
        return next(known, handle)

    def _bold(self, name: str, count: int | None = None, **values: int) -> Markup:
        return tagged(self.times.words, name, count=count, **values)

    def _tag(self, name: str, **values: object) -> Markup:
        return tagged(self.times.words, name, **values)

    def _say(self, name: str, count: int | None = None, **values: object) -> str:
        return self.times.words(name, count=count, **values)


def place(zone: str) -> str:
    """A zone by its place.

    >>> place("America/Argentina/Buenos_Aires")
    'Buenos Aires'
    """
    return zone.rpartition("/")[2].replace("_", " ")
