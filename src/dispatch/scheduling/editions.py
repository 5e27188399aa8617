"""Editions whose time has come: a deadline, the hour to go out, a welcome, to be forgotten."""

from functools import partial

import structlog

from dispatch.app import App
from dispatch.pipeline.reviews.decide import decide_overdue, skip_if_missed
from dispatch.scheduling.attempts import attempt

log = structlog.get_logger()


def decide_all_overdue(app: App) -> None:
    """Decide as the campaigns say of what nobody decided in time."""
    # Before the runs, so that the posts of what is skipped are free for them.
    for one in decide_overdue(store=app.store, clock=app.clock):
        log.warning(
            "edition.deadline_passed",
            campaign=one.edition.campaign,
            edition=one.edition.id,
            decision=one.decision,
        )


def address(app: App) -> None:
    """Have what is approved go out, each in the hours of its readers."""
    with app.store.read() as tx:
        found = tx.editions.to_address(app.clock())
    for edition_id, campaign in found:
        if app.stopping.is_set():
            return
        step = partial(_address_one, app, edition_id, campaign)
        attempt(app, f"campaign {campaign}", step, campaign=campaign, edition=edition_id)


def _address_one(app: App, edition_id: str, campaign: str) -> None:
    if reason := skip_if_missed(edition_id, store=app.store, clock=app.clock):
        log.warning("edition.skipped", campaign=campaign, edition=edition_id, reason=reason)
        return
    number = app.delivery.address(edition_id)
    if number is not None:  # else it is not its hours
        log.info("edition.addressed", campaign=campaign, edition=edition_id, deliveries=number)


def welcome(app: App) -> None:
    """Make the first editions of those who came since the last tick."""
    for came in app.delivery.make_welcomes():
        if came.dropped:
            log.info(
                "welcome.dropped",
                campaign=came.campaign,
                readers=came.dropped,
                reason=came.reason,
            )
        if came.edition is not None:
            log.info(
                "welcome.made",
                campaign=came.campaign,
                edition=came.edition.id,
                readers=came.welcomed,
            )


def forget_events(app: App) -> None:
    """Forget what came later of deliveries once it is old."""
    forgotten = app.delivery.forget_events()
    if forgotten:
        log.info("events.forgotten", rows=forgotten)


def forget_pictures(app: App) -> None:
    """Forget pictures of posts and pieces that nobody will need."""
    forgotten = app.cards.forget() + app.pictures.forget()
    if forgotten:
        log.info("pictures.forgotten", number=forgotten)
