"""What came later of what was accepted, as pages show it: one table, beside the states."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from dispatch.channels.feedback import Feedback
from dispatch.model.delivery.counts import Counted
from dispatch.model.delivery.event import Later
from dispatch.model.delivery.later_counts import COMPLAINTS_LIMIT, LaterCounts, later_by_channel
from dispatch.store.events.later import CameLater
from dispatch.web.team.times import Times
from dispatch.words.catalogues import Words

BADGES = {Later.DROPPED: "not tried"}
"""States that pages call by another word: what was dropped is a post, there."""

ORDER = (
    Later.DELIVERED,
    Later.DEFERRED,
    Later.BOUNCED,
    Later.SOFT_BOUNCED,
    Later.COMPLAINED,
    Later.DROPPED,
)
"""The lines of the table, from good to bad."""

LISTED = (Later.BOUNCED, Later.SOFT_BOUNCED, Later.COMPLAINED, Later.DROPPED, Later.DEFERRED)
"""States whose deliveries have a list: those that somebody may have to look into."""

BAR = {
    Later.DELIVERED: "good",
    Later.DEFERRED: "wait",
    Later.BOUNCED: "bad",
    Later.SOFT_BOUNCED: "bad",
    Later.COMPLAINED: "bad",
    Later.DROPPED: "still",
}

LEAST_SHARE = 0.0001
"""The smallest share that two decimals of a percentage can say."""


@dataclass(frozen=True, slots=True)
class Line:
    """One state: its badge, how many, and what it means; `listed` is its name in the address."""

    badge: str
    number: int
    meaning: str
    listed: str = ""


@dataclass(frozen=True, slots=True)
class SilentChannel:
    """A channel that tells nothing of what it took, and why."""

    name: str
    accepted: int
    way: Feedback


@dataclass(frozen=True, slots=True)
class Shown:
    """What came later, over all channels that tell it, and each.

    `silent_channels` are those that do not; `can_come` is whether any of them could.
    """

    back: LaterCounts
    lines: tuple[Line, ...]
    bar: tuple[tuple[str, int], ...]
    legend: str
    channels: Mapping[str, LaterCounts]
    silent_channels: tuple[SilentChannel, ...]
    can_come: bool

    @property
    def is_any(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.back.accepted or self.back.heard or self.silent_channels)

    @property
    def columns(self) -> list[tuple[Later, str]]:
        """The states that there are, each with its badge."""
        return [(state, badge_of(state)) for state in ORDER if self.back.counts.get(state)]

    @property
    def whole(self) -> int:
        """What the lines add up to."""
        return max(self.back.accepted, self.back.heard)

    @property
    def delivered(self) -> int:
        """How many are known to have arrived: some services, and mailboxes, never say so."""
        return self.back.counts.get(Later.DELIVERED, 0)

    @property
    def bounced(self) -> int:
        """How many came back, for good or not."""
        counts = self.back.counts
        return counts.get(Later.BOUNCED, 0) + counts.get(Later.SOFT_BOUNCED, 0)

    @property
    def complained(self) -> int:
        """How many were called unwanted."""
        return self.back.counts.get(Later.COMPLAINED, 0)

    @property
    def arrived(self) -> int:
        """How many did not come back, as far as is told."""
        gone = self.bounced + self.back.counts.get(Later.DROPPED, 0)
        return max(self.back.accepted - gone, self.complained)

    @property
    def complaint_share(self) -> float:
        """What share of what arrived that is; where there is any, no less than can be written."""
        return max(self.complained / self.arrived, LEAST_SHARE) if self.complained else 0.0

    @property
    def is_complained_about(self) -> bool:
        """Whether there are more complaints than large services put up with."""
        return self.complained > COMPLAINTS_LIMIT * self.arrived


def came_later(
    counted: Counted,
    later: Mapping[str, Mapping[Later, int]],
    feedback: Mapping[str, Feedback],
    times: Times,
) -> Shown:
    """What a page says, from the counts that an edition keeps; `feedback` are the channels'."""
    found = later_by_channel(counted.by_channel, later)
    heard = {name: one for name, one in found.items() if one.heard or _way(feedback, name).is_open}
    silent = tuple(
        SilentChannel(name, one.accepted, _way(feedback, name))
        for name, one in found.items()
        if name not in heard and one.accepted and _way(feedback, name).is_shut
    )
    back = sum(heard.values(), LaterCounts())
    lines = _lines(back, times.words)
    bar = tuple((BAR[state], back.counts.get(state, 0)) for state in ORDER)
    legend = ", ".join(
        f"{times.number(one.number)} {name_of(one.badge, times.words).lower()}" for one in lines
    )
    can_come = any(_way(feedback, name) is not Feedback.NONE for name in found)
    return Shown(back, lines, (*bar, ("rest", back.silent)), legend, heard, silent, can_come)


def badge_of(state: Later) -> str:
    """The state of a badge."""
    return BADGES.get(state, state.value)


def name_of(badge: str, words: Words) -> str:
    """The word on a badge."""
    return words(f"state.{badge.replace(' ', '_')}")


@dataclass(frozen=True, slots=True)
class Then:
    """What came later of one delivery, as its row says it; `words` are the provider's."""

    badge: str
    at: Markup
    words: str


def then_of(later: CameLater | None, times: Times) -> Then | None:
    """The same of what is kept."""
    if later is None:
        return None
    return Then(badge_of(later.state), times.short(later.at), later.reason)


def _way(feedback: Mapping[str, Feedback], name: str) -> Feedback:
    return feedback.get(name, Feedback.NONE)


def _lines(back: LaterCounts, words: Words) -> tuple[Line, ...]:
    lines = [
        Line(
            badge_of(state),
            back.counts[state],
            words(f"later.means_{state.value.replace(' ', '_')}"),
            state.value if state in LISTED else "",
        )
        for state in ORDER
        if back.counts.get(state)
    ]
    if back.silent:
        lines.append(Line("no word", back.silent, words("later.means_silent")))
    return tuple(lines)
