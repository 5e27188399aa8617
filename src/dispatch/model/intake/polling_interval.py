"""How often a feed publishes, when to ask it again, and when it has fallen silent."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from dispatch.model.text.time_words import in_words

FLOOR = timedelta(minutes=15)
"""No feed is asked more often. A run asks its own feeds anyway, so an edition misses nothing."""

CEILING = timedelta(hours=12)
"""No feed is asked less often of our own accord: twice a day finds a fault within the day."""

EAGER_CEILING = timedelta(minutes=30)
"""The same for a feed on whose new posts a campaign runs: readers expect them soon."""

UNKNOWN = timedelta(hours=1)
"""For a feed of which we do not know yet how often it publishes."""

PATIENCE = timedelta(hours=24)
"""The most that a feed or a cache may ask for: some say a year and mean nothing by it."""

FIRST_RETRY = timedelta(minutes=30)
LONGEST_RETRY = timedelta(hours=24)

DEAR_RETRY = timedelta(hours=2)
DEAR_GROWTH = 4
"""The same for a feed that goes over a limit, as reading it takes what is meant for many others: it
is left alone for two hours, for eight, then for a day each time."""

SHARE = 8
"""A feed is asked about so many times between two posts: a post is found after a sixteenth of the
usual gap, on average, for seven answers that bring nothing."""

SAMPLE = 21
"""How many of the newest posts say how often a feed publishes: old habits are forgotten."""

ENOUGH = 3
"""Gaps between posts below which nothing is a habit."""

SILENCE = 2
"""Silent is who is quiet for so many times the longest usual gap: weekends and holidays pass."""

SHORTEST_SILENCE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class PollingInterval:
    """The gaps between a feed's posts: the mean and the longest of the usual ones."""

    usual: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Pause:
    """How long to leave a feed alone, and why, as the end of a sentence."""

    length: timedelta
    why: str

    def jittered(self, rng: random.Random) -> timedelta:
        """The length and up to a fifth more: feeds added together drift apart.

        Never less, as a server may have asked for it.
        """
        return self.length * rng.uniform(1.0, 1.2)


def polling_interval(moments: Iterable[datetime]) -> PollingInterval | None:
    """What the moments of a feed's newest posts tell; None where they are too few.

    The longest gap is left out as an exception, so that one summer break does not count as a
    habit. Posts of the same moment are one, as all undated posts of a first contact are.

    >>> day = datetime(2026, 11, 2)
    >>> polling_interval(day + timedelta(days=n) for n in (0, 1, 2, 3, 6, 7, 40)).longest.days
    3
    """
    ordered = sorted(set(moments))[-SAMPLE:]
    gaps = sorted(later - earlier for earlier, later in pairwise(ordered))[:-1]
    if len(gaps) < ENOUGH:
        return None
    return PollingInterval(usual=sum(gaps, timedelta(0)) / len(gaps), longest=gaps[-1])


def after_success(
    now: datetime,
    *,
    habit: PollingInterval | None,
    last_post: datetime | None,
    feed_asks: timedelta | None = None,
    server_asks: timedelta | None = None,
    notified: bool = False,
    eager: bool = False,
) -> Pause:
    """When to ask a healthy feed again: as often as it publishes, and no sooner than it asks for.

    `feed_asks` is what the feed itself says (`ttl`, `sy:updatePeriod`), `server_asks` what
    Cache-Control does. A feed that tells us what is new by itself (`notified`) is asked rarely; one
    on whose new posts a campaign runs (`eager`) often.
    """
    pause = _as_it_publishes(now, habit, last_post)
    if eager and pause.length > EAGER_CEILING:
        pause = Pause(EAGER_CEILING, "a campaign runs on its new posts")
    if notified:
        pause = Pause(CEILING, "the feed tells us by itself what is new")
    for who, span in (("the feed", feed_asks), ("the server", server_asks)):
        asked = min(span or FLOOR, PATIENCE)
        if asked > pause.length:
            pause = Pause(asked, f"{who} asks for {in_words(asked)} between two polls")
    return pause


def after_failure(
    failures: int, *, server_asks: timedelta | None = None, over_limit: bool = False
) -> Pause:
    """When to try a feed again that could not be read; `failures` in a row, this one included.

    What a server asks for is given, however long it is. One that went `over_limit` now is left
    alone for longer.
    """
    first, growth = (DEAR_RETRY, DEAR_GROWTH) if over_limit else (FIRST_RETRY, 2)
    length = min(first * growth ** min(failures - 1, 16), LONGEST_RETRY)  # of large numbers as well
    if server_asks is not None and server_asks > length:
        return Pause(server_asks, f"the server asks for {in_words(server_asks)} of patience")
    times = "it failed" if failures == 1 else f"it failed {failures} times in a row"
    if over_limit:
        times = "it went over a limit" if failures == 1 else f"{times}, now over a limit"
    return Pause(length, times)


def silence(now: datetime, *, habit: PollingInterval | None, last_post: datetime | None) -> str:
    """A sentence for a feed that is quiet for much longer than it usually is; else empty.

    Only a feed with a habit can fall silent.
    """
    if habit is None or last_post is None:
        return ""
    quiet = now - last_post
    if quiet <= max(SILENCE * habit.longest, SHORTEST_SILENCE):
        return ""
    return (
        f"silent for {in_words(quiet)}, usually a post {every(habit.usual)} - "
        "look whether it still publishes there"
    )


def every(span: timedelta) -> str:
    """How often something happens, in words.

    >>> every(timedelta(days=1)), every(timedelta(days=3))
    ('every day', 'every 3 days')
    """
    return f"every {in_words(span).removeprefix('1 ')}"


def _as_it_publishes(
    now: datetime, habit: PollingInterval | None, last_post: datetime | None
) -> Pause:
    quiet = now - last_post if last_post else timedelta(0)
    if habit is None:
        usual, why = UNKNOWN * SHARE, "how often the feed publishes is not known yet"
    else:
        usual, why = habit.usual, f"the feed publishes about {every(habit.usual)}"
    if quiet > usual:
        usual, why = quiet, f"the feed has had nothing new for {in_words(quiet)}"
    return Pause(min(max(usual / SHARE, FLOOR), CEILING), why)
