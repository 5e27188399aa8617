"""An edition that is over: where each of its readers stands, and what there is left to decide."""

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from dispatch.channels.smtp.about import About, read_reason
from dispatch.model.delivery.counts import Counted
from dispatch.model.delivery.later_counts import COMPLAINTS_LIMIT
from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.model.editions.edition import Edition, EditionState, stage
from dispatch.model.team.role import Right
from dispatch.web.team.came_later import came_later
from dispatch.web.team.delivery_reasons import Shown, shown_reason, shown_reasons
from dispatch.web.team.live import edition_of
from dispatch.web.team.progress import BAR, legend
from dispatch.web.team.published import published_of
from dispatch.web.team.visit import Visit

ORDER = (
    DeliveryState.ACCEPTED,
    DeliveryState.REFUSED,
    DeliveryState.SUPPRESSED,
    DeliveryState.FAILED,
    DeliveryState.UNKNOWN,
    DeliveryState.SENDING,
    DeliveryState.PENDING,
)
"""The lines of the table; together they are all whom the edition was for."""

UNDECIDED_SHOWN = 50
REASONS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One state, how many are in it, and why."""

    state: str
    number: int
    meaning: str
    reasons: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A delivery of which nobody knows whether it has arrived."""

    delivery: Delivery
    words: str
    language: str


def show(visit: Visit, edition: Edition | None = None, **more: Any) -> Response:
    """The report of an edition that has finished, was cancelled, rejected or passed over.

    `more` is for one that shows an error.
    """
    edition = edition or edition_of(visit)
    if "posted" not in more:
        more |= published_of(visit, edition)
    may_mend = visit.may(Right.MEND)
    with visit.app.store.read() as tx:
        course = tx.editions.course(edition.id)
        counted = tx.deliveries.counted(edition)
        later = tx.later.counts_by_channel(edition)
        unknown = counted.by_state.get(DeliveryState.UNKNOWN, 0)
        doubts = (
            tx.delivery_pages.page(edition, [DeliveryState.UNKNOWN], most=UNDECIDED_SHOWN)
            if unknown and may_mend
            else []
        )
        names = {
            handle: person.name or handle
            for handle in (edition.approved_by, edition.ended_by)
            if handle and (person := tx.persons.find(handle))
        }
    counts, times = counted.by_state, visit.times
    goes_on = edition.state is not EditionState.CANCELLED
    return visit.page(
        "report.html",
        status_code=422 if more.get("errors") else 200,
        headers=None,
        here="editions",
        edition=edition,
        content=edition.content,
        course=course,
        stage=stage(edition, counts, now=visit.now),
        names=names,
        total=counted.total,
        counts={state.value: counts.get(state, 0) for state in DeliveryState},
        share=times.share,
        bar=[(mood, counts.get(state, 0)) for mood, state in BAR],
        legend=legend(counts, times),
        lines=_lines(counted, visit),
        later=came_later(counted, later, visit.app.channels.feedback(), times),
        complaints_limit=times.share(int(COMPLAINTS_LIMIT * 1000), 1000),
        channels=_channels(counted),
        retryable=_retryable(counted) if goes_on and may_mend else 0,
        may_resend=goes_on,
        doubts=[_doubt(one, visit) for one in doubts],
        unknown=unknown,
        **more,
    )


def _lines(counted: Counted, visit: Visit) -> list[Line]:
    shown = shown_reasons(counted.reasons, visit.words)
    counts = counted.by_state
    return [
        Line(
            state.value,
            counts[state],
            visit.words(f"live.means_{state.value}"),
            tuple(one for one in shown if one.state == state.value)[:REASONS_SHOWN],
        )
        for state in ORDER
        if counts.get(state)
    ]


def _channels(counted: Counted) -> list[tuple[str, dict[str, int], int]]:
    """For each channel how many are in which state there, and how many there are."""
    return [
        (
            name,
            {state.value: states.get(state, 0) for state in DeliveryState},
            sum(states.values()),
        )
        for name, states in counted.by_channel.items()
    ]


def _retryable(counted: Counted) -> int:
    """How many would be sent again: what failed, and what was refused for reasons of ours."""
    return counted.by_state.get(DeliveryState.FAILED, 0) + sum(
        number
        for (state, words), number in counted.reasons.items()
        if state is DeliveryState.REFUSED and read_reason(words).about is not About.RECIPIENT
    )


def _doubt(one: Delivery, visit: Visit) -> Doubt:
    words, language = shown_reason(one.reason, visit.words)
    return Doubt(one, words, language)
