"""Campaigns that run on each new post: from when on an edition is ready."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatch.model.campaigns.schedule import limits_told, slot_on, start_of_next_day
from dispatch.model.campaigns.sending_hours import SendingHours
from dispatch.model.intake.post import Post, PostRule, why_never, why_not_now
from dispatch.model.text.time_words import in_one_unit

PATIENCE = 4
"""A feed that never rests holds an edition up for so many times the debounce at most."""

CLOSEST = timedelta(seconds=1)
"""Between two editions: slots are named by the second."""

_MOST_DAYS_OFF = 5000
"""Days in a row without an edition after which none will come."""

_FAR = timedelta(days=10_000)
"""Who dates a post 9999-12-31 does not mean it to come out then."""


@dataclass(frozen=True, slots=True)
class NewPosts:
    """A campaign runs on new posts, `debounce` after the last of them.

    At most `per_day` editions are made on a local day, `spacing` apart; none before the day
    `first`, after the day `last`, on `days_off`, or outside of `hours`.
    """

    timezone: str
    debounce: timedelta = timedelta(minutes=10)
    per_day: int | None = None
    spacing: timedelta = timedelta(0)
    first: date | None = None
    last: date | None = None
    days_off: frozenset[date] = frozenset()
    hours: SendingHours = field(default_factory=SendingHours)

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """For people.

        >>> NewPosts("UTC", per_day=3, spacing=timedelta(hours=2)).words
        'on each new post, 10 min after the last, at most 3 a day, 2 h apart, UTC'
        """
        parts = ["on each new post"]
        if self.debounce:
            parts.append(f"{in_one_unit(self.debounce)} after the last")
        if self.per_day is not None:
            parts.append(f"at most {self.per_day} a day")
        if self.spacing:
            parts.append(f"{in_one_unit(self.spacing)} apart")
        if self.hours.quiet:
            parts.append(f"not {self.hours.quiet}")
        if self.hours.business_days:
            parts.append("on business days")
        parts.append(self.timezone)
        return ", ".join([*parts, *limits_told(self.first, self.last, self.days_off)])

    def looks_back(self, now: datetime) -> datetime:
        """From when on earlier editions matter for one that is made now or later."""
        midnight = slot_on(self._day(now), time(), self.timezone).moment
        return min(midnight, now - max(self.spacing, CLOSEST))

    def open_from(self, moment: datetime) -> datetime | None:
        """The first moment from this one on at which an edition may be made; None: never again."""
        for _ in range(_MOST_DAYS_OFF):
            found = self.hours.open_from(moment, self.timezone)
            day = self._day(found)
            if self.last and day > self.last:
                return None
            if self.first and day < self.first:
                moment = slot_on(self.first, time(), self.timezone).moment
            elif day in self.days_off:
                moment = start_of_next_day(found, ZoneInfo(self.timezone))
            else:
                return found
        return None

    def is_full(self, moment: datetime, made: Collection[datetime]) -> bool:
        """Whether the local day of `moment` has all the editions that it may have."""
        if self.per_day is None:
            return False
        day = self._day(moment)
        return sum(self._day(one) == day for one in made) >= self.per_day

    def has_slot_of(self, moment: datetime, made: Collection[datetime]) -> bool:
        """Whether an edition was made an hour ago at the same time on the wall: its slot is taken.

        That is so in the hour that comes twice when clocks are put back.
        """
        wall = moment.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None)
        hours = (one.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None) for one in made)
        return any(one.replace(microsecond=0) == wall.replace(microsecond=0) for one in hours)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.timezone)).date()


def arrival(post: Post, rule: PostRule, *, since: datetime) -> datetime | None:
    """From when on a campaign may use a post; None while that is never.

    That is when its hold is over, when the date it bears has come, and when a person has released
    it, whichever is last. `since` is when the campaign began to follow the post's feed.
    """
    released = post.hold.at if post.hold else None
    moments = (post.first_seen + rule.hold, post.published, released)
    moment = max(one for one in moments if one is not None)
    if why_never(post, since=since) or why_not_now(post, rule, now=moment):
        return None
    return moment


def ready_at(
    rule: NewPosts, arrivals: Collection[datetime], *, made: Sequence[datetime], now: datetime
) -> datetime | None:
    """The moment from `now` on at which an edition is to be made; None where none will be.

    `arrivals` are the moments of posts that call for one, past and to come; `made` are those of
    earlier editions, from `looks_back` on.

    >>> noon = datetime.fromisoformat("2026-11-24T12:00Z")
    >>> both = [noon, noon + timedelta(minutes=1)]
    >>> f"{ready_at(NewPosts('UTC'), both, made=[], now=noon):%H:%M}"
    '12:11'
    """
    soon = [one for one in arrivals if one - now < _FAR]
    if not soon:
        return None
    moment = rule.open_from(max(now, _debounced(soon, rule.debounce)))
    gap = max(rule.spacing, CLOSEST)
    while moment is not None:
        # On both sides: a clock that was put back a little has editions in what is to come. One
        # that is farther away was made by a clock that was wrong, and nobody waits for that.
        close = [one for one in made if abs(moment - one) < gap]
        if close:
            moment = rule.open_from(max(close) + gap)
        elif rule.has_slot_of(moment, made):
            moment = rule.open_from(moment + CLOSEST)
        elif rule.is_full(moment, made):
            moment = rule.open_from(start_of_next_day(moment, ZoneInfo(rule.timezone)))
        else:
            return moment
    return None


def _debounced(arrivals: Collection[datetime], span: timedelta) -> datetime:
    first, *later = sorted(arrivals)
    ready = first + span
    for moment in later:
        if moment > ready:
            break
        ready = min(moment + span, first + PATIENCE * span)
    return ready
