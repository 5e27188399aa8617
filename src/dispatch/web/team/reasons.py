"""The engine's reasons in a person's language: of posts, slots, and the next poll of a feed.

They are kept in English, as the run log and the command line tell them. What is not
known here is shown as it is, and said to be English.
"""

import re
from datetime import UTC, datetime, timedelta

from markupsafe import Markup, escape

from dispatch.web.team.frame import in_english, tagged
from dispatch.web.team.times import Times

_MOMENT = r"(?P<moment>\d{4}-\d\d-\d\d \d\d:\d\d) UTC"
_SPAN = r"(?P<span>(?:\d+ )?(?:minute|hour|day)s?)"
_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}

_WHOLE: tuple[tuple[str, str], ...] = (
    (r"was missed; the next slot has its posts", "missed"),
    (r"could not run within (?P<late>.+) of its time \(late:\)", "late"),
    (r"there is no new post", "no_post"),
    (r"there is no new post in the others", "no_post_in_others"),
    (r"there (?:is|are) (?P<count>\d+) new posts?, at least (?P<least>\d+) are needed", "too_few"),
    (r"(?P<count>\d+) held - see 'dispatch posts held'", "held_posts"),
    (r"there is nobody in audience '(?P<audience>.*?)'(?P<more>.*)", "nobody"),
    (r"feed (?P<feed>\S+) could not be read \((?P<problem>.*)\)", "unread"),
    (r"new", "new"),
    (r"is held: it (?P<problem>.+)", "held"),
    (rf"is dated in the future \({_MOMENT}\)", "future"),
    (rf"waits until {_MOMENT}", "until"),
    (r"has none of the campaign's topics", "topics"),
    (r"waits for the next edition: (?P<count>\d+) at most", "no_room"),
    (r"is the same story as in feed (?P<feed>\S+)", "same_story"),
    (r"is a story that was told before, from feed (?P<feed>\S+)", "told_before"),
    (r"was dropped by (?P<who>.+)", "dropped"),
    (r"was in the feed before the first poll", "backlog"),
    (rf"was there before this campaign followed the feed \({_MOMENT}\)", "before"),
    (r"came more than (?P<days>\d+) days ago, when nobody had this cadence", "for_nobody"),
    (r"how often the feed publishes is not known yet", "poll_unknown"),
    (rf"the feed publishes about every {_SPAN}", "poll_habit"),
    (rf"the feed has had nothing new for {_SPAN}", "poll_quiet"),
    (r"a campaign runs on its new posts", "poll_eager"),
    (r"the feed tells us by itself what is new", "poll_told"),
    (rf"the feed asks for {_SPAN} between two polls", "poll_feed_asks"),
    (rf"the server asks for {_SPAN} (?:between two polls|of patience)", "poll_server_asks"),
    (r"it failed", "poll_failed_once"),
    (r"it failed (?P<count>\d+) times in a row", "poll_failed"),
    (r"it went over a limit", "poll_over_once"),
    (r"it failed (?P<count>\d+) times in a row, now over a limit", "poll_over"),
    (r"somebody asked for it", "poll_asked"),
)
"""Sentence of the engine, and our name for it below `reason.` in the catalogue."""

_KNOWN = tuple((re.compile(pattern, re.DOTALL), name) for pattern, name in _WHOLE)


def told(times: Times, sentence: str) -> Markup:
    """The sentence in the language of `times`; of several joined ones each for itself."""
    whole = _one(times, sentence)
    if whole is not None:
        return whole
    found: Markup | None = None
    for part in sentence.split("; "):
        one = _one(times, part)
        if one is None:
            return in_english(sentence)
        found = one if found is None else tagged(times.words, "reason.joint", one=found, other=one)
    return found or in_english(sentence)


def _one(times: Times, sentence: str) -> Markup | None:
    for pattern, name in _KNOWN:
        if found := pattern.fullmatch(sentence):
            values = {key: _value(times, key, value) for key, value in found.groupdict().items()}
            count = values.pop("count", None)
            number = int(count) if count is not None else None
            return Markup(times.words(f"reason.{name}", count=number, **values))  # noqa: S704 - ours
    return None


def _value(times: Times, key: str, value: str) -> Markup | str:
    if key == "moment":
        return escape(times.plain(_moment(value)))
    if key == "span":
        number, _, unit = value.rpartition(" ")
        return escape(times.span(int(number or 1) * _UNITS[unit.removesuffix("s")]))
    if key == "problem":
        return in_english(value)
    return value if key == "count" else escape(value)


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
