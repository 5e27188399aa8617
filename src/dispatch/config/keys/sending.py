"""The keys that say when messages leave: which belong together, and the rule that they make."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dispatch.config.files.line_numbers import Path
from dispatch.config.files.problems import InvalidValueError
from dispatch.config.values import as_written as written
from dispatch.config.values import schedule as hours
from dispatch.config.values import simple as words
from dispatch.config.values.as_written import Finding, group_at, list_at
from dispatch.config.values.schedule import is_on_new_post
from dispatch.model.campaigns.new_posts import NewPosts
from dispatch.model.campaigns.schedule import Schedule
from dispatch.model.campaigns.sending import SendingRule
from dispatch.model.campaigns.sending_hours import QuietHours, SendingHours

if TYPE_CHECKING:
    from dispatch.config.keys.file import CampaignKeys
    from dispatch.config.keys.parts import ScheduleKeys

LONGEST_AHEAD = timedelta(days=14)


def to_sending_rule(keys: "CampaignKeys", schedule: Schedule | NewPosts | None) -> SendingRule:
    """When the messages of a campaign may leave."""
    hours = SendingHours()
    if keys.schedule and schedule:
        hours = to_sending_hours(keys.schedule, schedule.days_off)
    late = schedule.late if isinstance(schedule, Schedule) else None
    if keys.email is None:
        return SendingRule(hours, late=late)
    # In a family, the campaign on new posts has no hour that could be anybody's own.
    by_zone = keys.email.local_time and isinstance(schedule, Schedule)
    return SendingRule(hours, by_zone, keys.email.passed, late)


def to_sending_hours(keys: "ScheduleKeys", days_off: frozenset[date]) -> SendingHours:
    """The hours of a schedule; days off are no business days."""
    return SendingHours(
        keys.quiet, keys.business_days, days_off if keys.business_days else frozenset()
    )


def broken_sending(keys: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Keys below one `schedule:` that do not go together: the key, what is wrong, what to do."""
    if keys.get("business_days") is True and "quiet" not in keys:
        problem = "needs quiet beside it, as a business day would begin at midnight"
        yield "business_days", problem, "add 'quiet: \"22:00-07:00\"'"
    if "ahead" in keys and not {"every", "cron"} & keys.keys():
        yield "ahead", "goes with every or cron, whose times are known before", "remove it"
    elif _is_long(keys.get("ahead")):
        yield "ahead", "is longer than two weeks", "write 14d at most, such as 18h"


def broken_local_time(tree: Any) -> Iterator[Finding]:
    """Campaigns whose `local_time` or `passed` could mean nothing."""
    for path, campaign in written.campaigns(tree):
        email, at = group_at(campaign, "email"), (*path, "email")
        by_zone = email.get("local_time") is True
        if by_zone and is_on_new_post(campaign.get("schedule")):
            problem = "does not go with on: new post, which comes at no hour of its own"
            yield (*at, "local_time"), problem, "remove it"
        if by_zone and not {"schedule", "cadences"} & campaign.keys():
            problem = "needs a schedule, which says at which hour"
            yield (*at, "local_time"), problem, "add one, or remove it"
        if "passed" in email and not by_zone:
            problem = "goes with local_time: true only"
            yield (*at, "passed"), problem, "remove it, or add local_time: true"


def closed_hours(tree: Any) -> Iterator[Finding]:
    """Snippets whose `hours` lie in the quiet ones of their campaign: they could never leave."""
    timezone = tree.get("timezone") if isinstance(tree, dict) else None
    for path, campaign in written.campaigns(tree):
        for place, keys in [(path, campaign), *written.cadences(campaign, path)]:
            schedule = group_at(keys, "schedule")
            # Two zones are as far apart as the season has it: those are left to the year.
            if schedule.get("timezone", timezone) == timezone:
                yield from _closed_hours(schedule.get("quiet"), list_at(keys, "social"), place)


def _closed_hours(quiet: Any, plans: list[Any], path: Path) -> Iterator[Finding]:
    for index, plan in enumerate(plans):
        with suppress(InvalidValueError):
            closed = hours.quiet(quiet)
            open_ = hours.hours(plan.get("hours") if isinstance(plan, dict) else None)
            if not open_.overlaps(QuietHours(closed.end, closed.start)):
                problem = f"lie in the quiet hours of the schedule, {closed}"
                advice = "move one of the two, or nothing could ever leave"
                yield (*path, "social", index, "hours"), problem, advice


def _is_long(ahead: Any) -> bool:
    try:
        return ahead is not None and words.duration(ahead) > LONGEST_AHEAD
    except InvalidValueError:
        return False
