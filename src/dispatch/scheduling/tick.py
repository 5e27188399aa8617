"""What the service does at each tick: poll what is due, run what is due, go on with the rest."""

from functools import partial
from typing import TYPE_CHECKING

import structlog

from dispatch.app import App
from dispatch.errors import DispatchError
from dispatch.model.campaign import Campaign
from dispatch.scheduling.due import due_slots

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger()


def tick(app: App) -> None:
    """Do everything whose time has come; one thing's trouble never stops another.

    Safe on any number of machines at once: slots, editions and deliveries are claimed as rows.
    """
    steps: list[Callable[[], None]] = [app.reload_if_changed, partial(_poll, app)]
    steps += [partial(_run, app, campaign) for campaign in _scheduled(app)]
    steps.append(partial(_deliver, app))
    for step in steps:
        if app.stopping.is_set():
            return
        try:
            step()
        except DispatchError as error:
            log.warning("problem", sentence=str(error))
        except Exception:
            log.exception("bug")


def _scheduled(app: App) -> list[Campaign]:
    return [campaign for campaign in app.workspace.campaigns.values() if campaign.schedule]


def _poll(app: App) -> None:
    for report in app.poll(app.workspace.feeds, only_due=True):
        if report.problem:
            log.warning("feed not read", feed=report.feed, sentence=report.problem)
        elif report.kept.new:
            log.info("new posts", feed=report.feed, posts=report.kept.new)


def _run(app: App, campaign: Campaign) -> None:
    schedule = campaign.schedule
    if schedule is None:
        return
    now = app.clock()
    with app.store.read() as tx:
        known_since = min(tx.feeds.followed_since(campaign.name).values(), default=now)
        after = tx.runs.last_moment(campaign.name) or known_since
    due = due_slots(schedule, after=after, now=now)
    with app.store.begin() as tx:
        for slot, reason in due.skipped:
            if tx.runs.skip(campaign.name, slot, reason=reason, now=now):
                log.warning("slot skipped", campaign=campaign.name, slot=slot.key, reason=reason)
    if due.run is None:
        return
    for imported in app.import_people():
        for problem in imported.file.problems:
            log.warning("subscribers", sentence=str(problem))
    for _ in app.poll(campaign.feeds, only_due=True):
        pass
    composed = app.compose(campaign, due.run)
    if composed is None:
        return  # another machine has this slot
    if composed.edition is None:
        log.info("slot skipped", campaign=campaign.name, reason=composed.draft.skipped)
    else:
        log.info("edition made", campaign=campaign.name, edition=composed.edition.id)


def _deliver(app: App) -> None:
    for edition in app.unfinished():
        if app.stopping.is_set():
            return
        report = app.send(edition.id)
        counts = {state.value: number for state, number in report.counts.items()}
        if report.ended:
            log.info("delivering", campaign=edition.campaign, edition=edition.id, **counts)
        for sentence in report.stops:
            log.warning("channel stopped", sentence=sentence)
