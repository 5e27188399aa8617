"""The keys of a `schedule:` that says `on: new post`, and what goes with having no post at all."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dispatch.config.files.line_numbers import Path
from dispatch.config.keys.sending import to_sending_hours
from dispatch.config.values.as_written import Finding, group_at
from dispatch.config.values.holiday_files import all_days_off
from dispatch.config.values.schedule import is_on_new_post
from dispatch.model.campaigns.campaign import Each
from dispatch.model.campaigns.new_posts import NewPosts
from dispatch.model.intake.post import WhenEmpty

if TYPE_CHECKING:
    from dispatch.config.keys.parts import ScheduleKeys

_DEFAULT = NewPosts("UTC")
_ITS_OWN = ("debounce", "spacing", "per_day")
_NOT_ITS = {
    "every": ("which comes on any day", "remove one of the two"),
    "at": ("which comes at any time", "remove one of the two"),
    "cron": ("which comes at any time", "remove one of the two"),
    "late": ("which is never late", "remove it"),
}


def beside_new_post(keys: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Keys that do not go with `on: new post`: key, problem, advice."""
    for key, (reason, advice) in _NOT_ITS.items():
        if key in keys:
            yield key, f"does not go with on: new post, {reason}", advice


def without_new_post(keys: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Keys that say something only with `on: new post`: key, problem, advice."""
    for key in _ITS_OWN:
        if key in keys:
            yield key, "goes with on: new post only", "remove it"


def broken_when_empty(campaign: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """What contradicts `when_empty: send` in a campaign, as written."""
    posts = group_at(campaign, "posts")
    if posts.get("when_empty") != WhenEmpty.SEND.value:
        return
    at = (*path, "posts", "when_empty")
    if "at_least" in posts:
        problem = "does not go with when_empty: send, which needs no post"
        yield (*path, "posts", "at_least"), problem, "remove one of the two"
    if is_on_new_post(campaign.get("schedule")):
        problem = "does not go with on: new post, which runs only when there is one"
        yield at, problem, "remove it"
    elif "email" not in campaign and _all_for_posts(campaign.get("social")):
        problem = "has no effect: without a post there is no snippet for it, and no email"
        yield at, problem, "remove it, or write each: edition below social"


def to_new_posts(
    keys: "ScheduleKeys", timezone: str, holidays: Mapping[str, Collection[date]]
) -> NewPosts:
    """The rule that keys without problems make; `holidays` has the days of each file."""
    days_off = all_days_off(keys.except_ or (), holidays)
    return NewPosts(
        keys.timezone or timezone,
        debounce=_DEFAULT.debounce if keys.debounce is None else keys.debounce,
        per_day=keys.per_day,
        spacing=keys.spacing or timedelta(0),
        first=keys.from_,
        last=keys.until,
        days_off=days_off,
        hours=to_sending_hours(keys, days_off),
    )


def _all_for_posts(social: Any) -> bool:
    plans = social if isinstance(social, list) else []
    each = [plan.get("each", Each.POST.value) for plan in plans if isinstance(plan, dict)]
    return bool(each) and set(each) == {Each.POST.value}
