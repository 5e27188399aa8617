"""The runs of campaigns: of the slots that are due, and of those that run on new posts."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

import structlog

from dispatch.app import App
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.schedule import Schedule, Slot
from dispatch.pipeline.editions.compose import skip_slots
from dispatch.pipeline.editions.look_for_news import look_for_news
from dispatch.scheduling.attempts import attempt
from dispatch.scheduling.due import Due, Waiting, due_slots
from dispatch.scheduling.expecting import LONGEST, RETRY, Expecting
from dispatch.scheduling.feeds import tell_poll

log = structlog.get_logger()

TOLD_ONE_BY_ONE = 5
"""Slots that were passed over; of more the first and the last are named."""


def run_due(app: App, waiting: Waiting) -> None:
    """Make the edition of each slot that is due, and pass over those that are too late."""
    now = app.clock()
    asked = {
        campaign.name: (campaign, schedule)
        for campaign in app.workspace.campaigns.values()
        if (schedule := campaign.schedule)
        and not waiting.has_begun(campaign.name, schedule, now=now)
    }
    if not asked:
        return
    with app.store.read() as tx:
        answered_until = tx.runs.answered_until(list(asked), now=now)
    for name, (campaign, schedule) in asked.items():
        if app.stopping.is_set():
            return
        after = answered_until.get(name, now)
        step = partial(_run, app, campaign, schedule, waiting, after=after)
        attempt(app, f"campaign {name}", step, campaign=name)


def answer_news(app: App, expecting: Expecting) -> None:
    """Make an edition for each campaign that runs on new posts and has some, in its time."""
    campaigns = [one for one in app.workspace.campaigns.values() if one.new_posts]
    if not campaigns:
        return
    with app.store.read() as tx:
        numbers = tx.news.numbers()
    for campaign in expecting.pick(campaigns, numbers, now=app.clock()):
        if app.stopping.is_set():
            return
        step = partial(_answer, app, campaign, expecting, numbers)
        attempt(app, f"campaign {campaign.name}", step, campaign=campaign.name)


def _run(
    app: App, campaign: Campaign, schedule: Schedule, waiting: Waiting, *, after: datetime
) -> None:
    due = due_slots(schedule, after=after, now=app.clock())
    if due.skipped:
        _skip(app, campaign, due)
    if due.run is None or _has_edition(app, campaign, due.run):
        waiting.begin(campaign.name, schedule, until=due.next_at)
        return
    _make(app, campaign, due.run)


def _answer(app: App, campaign: Campaign, expecting: Expecting, numbers: Mapping[str, int]) -> None:
    now = app.clock()
    with app.store.read() as tx:
        call = look_for_news(campaign, tx=tx, now=now)
    if call.ready > now:
        expecting.note(campaign, numbers, until=min(call.ready, now + LONGEST))
        return
    expecting.note(campaign, numbers, until=now + RETRY)  # should it fail
    _make(app, campaign, None)
    expecting.forget(campaign)


def _make(app: App, campaign: Campaign, slot: Slot | None) -> None:
    """Make an edition and say what came of it; raises what kept it from being made."""
    report = app.campaigns.make_edition(campaign, slot)
    for imported in report.imports:
        for problem in imported.file.problems:
            log.warning("subscribers.problem", problem=str(problem))
    for poll in report.polls:
        tell_poll(poll)
    for error in report.errors:
        raise error
    if report.composed is None:
        return  # another machine has this slot, or we are to stop and have not heard all feeds
    if report.composed.edition is None:
        log.info("run.skipped", campaign=campaign.name, reason=report.composed.draft.skipped)
    else:
        edition = report.composed.edition
        state = edition.state.value
        log.info("edition.composed", campaign=campaign.name, edition=edition.id, state=state)


def _has_edition(app: App, campaign: Campaign, slot: Slot) -> bool:
    # It was made by a clock that was ahead: another one will not be.
    with app.store.read() as tx:
        return tx.runs.has_edition(campaign.name, slot)


def _skip(app: App, campaign: Campaign, due: Due) -> None:
    new = skip_slots(campaign.name, due.skipped, store=app.store, clock=app.clock)
    if len(new) > TOLD_ONE_BY_ONE:
        log.warning(
            "slots.skipped",
            campaign=campaign.name,
            first=new[0][0].key,
            last=new[-1][0].key,
            number=len(new),
            reason=new[-1][1],
        )
        return
    for slot, reason in new:
        log.warning("slot.skipped", campaign=campaign.name, slot=slot.key, reason=reason)
