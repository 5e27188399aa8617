"""Readers and suppressions as CSV files; that somebody took one stands in the log."""

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from dispatch.config.people.suppression_file import COLUMNS
from dispatch.errors import BadInput
from dispatch.model.people.subscriber import SubscriptionState
from dispatch.model.team.role import Right
from dispatch.model.text.suggestions import did_you_mean
from dispatch.pipeline.people.export_people import export_audience, export_chosen
from dispatch.pipeline.people.export_suppressions import export_suppressions as all_suppressions
from dispatch.web.api.call import Call
from dispatch.web.api.operation import Operation
from dispatch.web.api.readers.imports import CSV
from dispatch.web.team.readers.export import STATES
from dispatch.web.team.readers.sheets import sheet

MOST_CHOSEN = 1_000


class Exported(BaseModel):
    """Whom a file is to have: those of an audience, or just these."""

    model_config = ConfigDict(extra="forbid")

    audience: str = Field(default="", max_length=200, examples=["readers"])
    state: str = Field(
        default="",
        description=f"Of an audience those who stand so: {', '.join(STATES)}.",
        max_length=20,
        examples=[SubscriptionState.ACTIVE.value],
    )
    ids: list[str] = Field(
        default_factory=list,
        description="Their ids, instead of an audience.",
        max_length=MOST_CHOSEN,
        examples=[[]],
    )


def export_subscribers(call: Call) -> Response:
    """An audience as a CSV file, or those with some ids."""
    said, app = call.said(Exported), call.app
    if said.ids:
        if said.audience or said.state:
            raise BadInput(["ids: are instead of an audience - leave one of them out"])
        ids = list(dict.fromkeys(said.ids))
        people = export_chosen(ids, by=call.by, store=app.store, clock=app.clock)
        return sheet(call.request, f"people-{call.now:%Y-%m-%d}", people.columns, people.rows)
    audiences = app.people.audiences()
    if said.audience not in audiences:
        raise BadInput([f"audience: say which - {did_you_mean(said.audience, audiences)}"])
    if said.state not in ("", *STATES):
        known = did_you_mean(said.state, STATES)
        raise BadInput([f"state: there is none of that name - {known}"])
    people = export_audience(
        said.audience, said.state, by=call.by, store=app.store, clock=app.clock
    )
    name = f"{said.audience}-{call.now:%Y-%m-%d}"
    return sheet(call.request, name, people.columns, people.rows)


def export_suppressions(call: Call) -> Response:
    """All addresses and domains to which nothing goes, as a CSV file."""
    rows = all_suppressions(by=call.by, store=call.app.store, clock=call.app.clock)
    return sheet(call.request, f"suppressions-{call.now:%Y-%m-%d}", COLUMNS, rows)


OPERATIONS = (
    Operation(
        "POST",
        "/exports/subscribers",
        export_subscribers,
        Right.READERS,
        takes=Exported,
        media=CSV,
        slow=True,
    ),
    Operation(
        "POST",
        "/exports/suppressions",
        export_suppressions,
        Right.READERS,
        media=CSV,
        slow=True,
    ),
)
