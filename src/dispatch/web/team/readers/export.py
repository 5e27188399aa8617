"""An audience as a CSV file."""

from typing import Any

from starlette.responses import Response

from dispatch.model.people.subscriber import SUPPRESSED, SubscriptionState
from dispatch.pipeline.people.export_people import export_audience
from dispatch.web.team.readers.sheets import sheet
from dispatch.web.team.visit import Visit

STATES = (
    SubscriptionState.ACTIVE.value,
    SubscriptionState.PAUSED.value,
    SubscriptionState.ENDED.value,
    SUPPRESSED,
)


def show(visit: Visit) -> Response:
    """Which audience, and who of it."""
    return visit.page("subscribers_export.html", here="subscribers", **_values(visit))


def export(visit: Visit) -> Response:
    """The file; that it was taken stands in the log."""
    audience, state = visit.form("audience"), visit.form("state")
    if audience not in visit.app.people.audiences() or state not in ("", *STATES):
        errors = {"audience": visit.words("subscribers.say_which")}
        return visit.wrong("subscribers_export.html", errors, here="subscribers", **_values(visit))
    people = export_audience(
        audience, state, by=visit.by, store=visit.app.store, clock=visit.app.clock
    )
    return sheet(visit.request, f"{audience}-{visit.now:%Y-%m-%d}", people.columns, people.rows)


def _values(visit: Visit) -> dict[str, Any]:
    audiences = visit.app.people.audiences()
    return {
        "choices": [(one, one) for one in audiences],
        "chosen": visit.form("audience") or visit.asked("audience"),
        "states": STATES,
    }
