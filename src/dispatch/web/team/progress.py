"""An edition that goes out, as blocks of its page: the page has them, and each event brings one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup, escape

from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery.watch import MOVING, ChannelProgress, Progress, Why
from dispatch.web.team.came_later import came_later
from dispatch.web.team.delivery_reasons import Shown, shown_reasons
from dispatch.web.team.frame import templates
from dispatch.web.team.provider_words import title_of
from dispatch.web.team.speeds import Speeds
from dispatch.web.team.states import Badges
from dispatch.web.team.times import Times

BLOCKS = ("progress", "channels", "trouble", "later", "spoken")
"""The ids of the blocks, which are the names of their events."""

BAR = (
    ("good", DeliveryState.ACCEPTED),
    ("bad", DeliveryState.REFUSED),
    ("bad", DeliveryState.FAILED),
    ("still", DeliveryState.SUPPRESSED),
    ("doubt", DeliveryState.UNKNOWN),
    ("set", DeliveryState.SENDING),
    ("rest", DeliveryState.PENDING),
)
"""The states as they stand in a bar, from left to right."""

BADGES = {
    Why.DONE: "finished",
    Why.PACE: "sending",
    Why.FREE: "sending",
    Why.STEPS_IN: "sending",
    Why.STOPPED: "stopped",
    Why.FAILS_OVER: "stopped",
    Why.GONE: "stopped",
    Why.STANDS_BY: "ready",
    Why.PAUSED: "paused",
}
"""Why a channel does what it does, as a state; what is not here waits."""

SHOWN_REASONS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One channel, as its row says it."""

    name: str
    provider: str
    done: int
    total: int
    rate: str
    now: Markup
    aside: str
    state: str


def note(speeds: Speeds, edition_id: str, progress: Progress) -> None:
    """Remember how many are done, to know how fast it goes."""
    done = {one.name: one.total - one.open for one in progress.channels}
    speeds.note(edition_id, done, now=progress.now)


def blocks(edition_id: str, progress: Progress, speeds: Speeds, times: Times) -> dict[str, str]:
    """The HTML in each block."""
    values = _values(edition_id, progress, speeds, times)
    made = templates()
    return {
        name: made.get_template(f"team/live/{name}.html").render(values).strip() for name in BLOCKS
    }


def _values(edition_id: str, progress: Progress, speeds: Speeds, times: Times) -> dict[str, Any]:
    words, counts = times.words, progress.counted.by_state
    rates = {one.name: speeds.per_second(edition_id, one.name) for one in progress.channels}
    total = progress.total
    done = total - progress.open
    troubles = shown_reasons(progress.counted.reasons, times.words)
    return {
        "words": words,
        "times": times,
        "number": times.number,
        "badge": Badges(words),
        "total": total,
        "done": done,
        "tenths": 10 * (done * 10 // total) if total else 100,
        "counts": {state.value: counts.get(state, 0) for state in DeliveryState},
        "bar": [(mood, counts.get(state, 0)) for mood, state in BAR],
        "legend": legend(counts, times),
        "left": _time_left(progress, rates, times),
        "rows": [_row(one, rates[one.name], times) for one in progress.channels],
        "troubles": troubles[:SHOWN_REASONS],
        "more_troubles": _number(troubles[SHOWN_REASONS:]),
        "later": came_later(progress.counted, progress.later, progress.feedback, times),
    }


def legend(counts: Mapping[DeliveryState, int], times: Times) -> str:
    """A bar in words: `9,188 accepted, 8 refused`."""
    name = Badges(times.words).name
    parts = [
        f"{times.number(counts[state])} {name(state.value).lower()}"
        for _, state in BAR
        if counts.get(state)
    ]
    return ", ".join(parts)


def _number(troubles: list[Shown]) -> int:
    return sum(one.number for one in troubles)


def _time_left(progress: Progress, rates: Mapping[str, float | None], times: Times) -> str:
    """How long it still takes, or until when it waits; empty where nobody can say."""
    words, now = times.words, progress.now
    if progress.course.state is EditionState.PAUSED:
        return words("live.left_paused")
    waiting = [one for one in progress.channels if one.open or one.why in MOVING]
    moving = [one for one in waiting if one.why in MOVING]
    if not moving:
        ends = [one.until for one in waiting if one.until is not None]
        return words("live.left_waits", when=_when(min(ends), times)) if ends else ""
    spans = []
    for one in moving:
        rate, rest = rates[one.name], one.open + _taken_over(one, progress)
        if rest and not rate:
            return words("live.left_unknown")
        spans.append(rest / rate if rate else 0.0)
    left = timedelta(seconds=round(max(spans)))
    if left > timedelta(days=60):
        return words("live.left_unknown")
    return words("live.left", span=times.span(left), time=_clock(now + left, times))


def _taken_over(one: ChannelProgress, progress: Progress) -> int:
    """What is still counted for channels that it steps in for."""
    return sum(
        other.open
        for other in progress.channels
        if other.why is Why.FAILS_OVER and other.words == one.name
    )


def _row(one: ChannelProgress, rate: float | None, times: Times) -> Row:
    words = times.words
    now = _now(one, times)
    aside = ""
    if one.why in {Why.PACE, Why.FREE} and one.pace.per_domain:
        aside = ", ".join(
            words("live.domain_pace", domain=domain, pace=pace_words(limit, times))
            for domain, limit in list(one.pace.per_domain.items())[:3]
        )
    shown = words("live.rate", n=_decimal(rate, times)) if rate and one.why in MOVING else ""
    state = BADGES.get(one.why, "waits")
    provider = title_of(words, one.provider)
    return Row(one.name, provider, one.total - one.open, one.total, shown, now, aside, state)


def _now(one: ChannelProgress, times: Times) -> Markup:
    """What a channel does or waits for, in a sentence."""
    name = f"live.why_{one.why.value.replace(' ', '_')}"
    if one.why in {Why.STOPPED, Why.FAILS_OVER, Why.DAY} and one.until is None:
        name += "_for_good"
    values: dict[str, Any] = {
        "when": _when(one.until, times) if one.until else "",
        "words": one.words,
    }
    if one.why is Why.PACE and one.pace.per_second:
        values["pace"] = pace_words(one.pace.per_second, times)
    sentence = escape(times.words(name, **values))
    if one.why is Why.STOPPED and one.words:
        sentence += Markup('<small lang="en">{}</small>').format(one.words)
    return sentence


def pace_words(per_second: float, times: Times) -> str:
    """A pace as people say it: `50 a second`, `one every 20 min`."""
    if per_second >= 1:
        return times.words("live.a_second", n=_decimal(per_second, times))
    if per_second >= 1 / 60:
        return times.words("live.a_minute", n=_decimal(per_second * 60, times))
    return times.words("live.every", span=times.span(timedelta(seconds=round(1 / per_second))))


def _decimal(number: float, times: Times) -> str:
    from babel.numbers import format_decimal  # noqa: PLC0415 - slow to import

    pattern = "#,##0.#" if number < 100 else "#,##0"
    return format_decimal(number, pattern, locale=times.words.locale)


def _when(moment: datetime, times: Times) -> str:
    return times.plain(moment)


def _clock(moment: datetime, times: Times) -> str:
    """The time of day, with its day where that is another one."""
    same = times.local(moment).date() == times.local(times.now).date()
    return times.clock(moment) if same else times.plain(moment)
