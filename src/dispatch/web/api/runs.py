"""Runs: what became of each slot, and of each post why it was in or out."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from dispatch.errors import NotFound
from dispatch.model.editions.run import Run
from dispatch.model.team.role import Right
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Listed, PageQuery, behind, cut
from dispatch.web.api.editions.shown import ID, edition_of
from dispatch.web.api.moments import moment_in
from dispatch.web.api.operation import Operation


class RunsQuery(PageQuery):
    """Which runs."""

    campaign: str = Field(default="", description="Of one campaign only.", max_length=200)


class RunRow(BaseModel):
    """One firing of a campaign."""

    id: str = Field(examples=["42"])
    campaign: str = Field(examples=["weekly"])
    slot: str = Field(
        description="The wall-clock time that it is for.", examples=["2026-05-04T08:00:00"]
    )
    timezone: str = Field(examples=["Europe/Paris"])
    moment: datetime = Field(description="The same as a moment.")
    started: datetime
    manual: bool = Field(description="Whether somebody had it run.")
    outcome: str = Field(description="Skipped, or where its edition stands.", examples=["finished"])
    skipped: str = Field(description="Why it made no edition, or empty.")
    edition: str | None = Field(description="The edition that it made.", examples=[ID])


class LookedAt(BaseModel):
    """A post that a run looked at."""

    id: str = Field(examples=["4711"])
    feed: str
    title: str
    link: str
    included: bool = Field(description="Whether it is in the edition after all.")
    why: str


class ShownRun(RunRow):
    """A run with its posts."""

    posts: list[LookedAt]
    never_used: dict[str, int] = Field(
        description="By reason: posts that no run will ever use.", examples=[{}]
    )


def list_runs(call: Call) -> Listed[RunRow]:
    """The runs, the newest slots first."""
    asked = call.query(RunsQuery)
    last = behind(asked.cursor, str, int)
    before = (moment_in(last[0]), last[1]) if last else None
    with call.app.store.read() as tx:
        found = tx.runs.latest(asked.campaign or None, limit=asked.limit + 1, before=before)
    page, onward = cut(found, asked.limit, lambda one: (one.moment.isoformat(), one.id))
    return Listed(items=[RunRow(**_facts(one, call)) for one in page], next=onward)


def show_run(call: Call) -> ShownRun:
    """A run, and of each post why it was in or out."""
    number = call.number("number")
    with call.app.store.read() as tx:
        return _shown(tx.runs.get(number), call)


def show_run_of_edition(call: Call) -> ShownRun:
    """The run that made an edition; a letter and a welcome have none."""
    edition = edition_of(call)
    with call.app.store.read() as tx:
        run = tx.runs.that_made(edition.id)
    if run is None:
        raise NotFound(f"edition {edition.id[:8]}: no run has made it")
    return _shown(run, call)


def _shown(run: Run, call: Call) -> ShownRun:
    posts = [
        LookedAt(
            id=str(one.id),
            feed=one.feed,
            title=one.title,
            link=one.link,
            included=one.included,
            why=one.why,
        )
        for one in run.posts or ()
    ]
    return ShownRun(**_facts(run, call), posts=posts, never_used=dict(run.never_used))


def _facts(run: Run, call: Call) -> dict[str, Any]:
    return {
        "id": str(run.id),
        "campaign": run.campaign,
        "slot": run.local.isoformat(),
        "timezone": run.timezone,
        "moment": run.moment,
        "started": run.started,
        "manual": run.manual,
        "outcome": run.outcome(call.now),
        "skipped": run.skipped,
        "edition": run.edition_id,
    }


OPERATIONS = (
    Operation("GET", "/runs", list_runs, Right.LOOK, gives=Listed[RunRow], query=RunsQuery),
    Operation("GET", "/runs/{number}", show_run, Right.LOOK, gives=ShownRun),
    Operation("GET", "/editions/{id}/run", show_run_of_edition, Right.LOOK, gives=ShownRun),
)
