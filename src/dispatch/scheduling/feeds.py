"""The feeds whose time has come, their hubs, and the links of what came by them.

All beside the tick: a server that hangs must not hold up a run that does not need it.
"""

from functools import partial

import structlog

from dispatch.app import App
from dispatch.pipeline.intake.poll import PollReport
from dispatch.scheduling.attempts import attempt, may_work

log = structlog.get_logger()


def poll_due(app: App) -> None:
    """Poll the feeds whose time has come; any number of machines may do so at once.

    Beside `tick` and not in it: a feed that hangs must not hold up a run that does not use it.
    """
    if may_work(app):
        attempt(app, "polling", partial(_poll_due, app))


def renew_subscriptions(app: App) -> None:
    """Subscribe at the hubs of feeds, and renew; beside `tick`, as a hub may be slow."""
    if may_work(app):
        attempt(app, "hubs", partial(_renew_subscriptions, app))


def check_links(app: App) -> None:
    """Ask the links of editions that wait whether they are there."""
    if may_work(app):
        attempt(app, "links", partial(_check_links, app))


def _poll_due(app: App) -> None:
    app.intake.make_feeds_due()
    for report in app.intake.poll_due():
        tell_poll(report)


def tell_poll(report: PollReport) -> None:
    """Say what came of reading a feed; of one without news nothing."""
    if report.problem:
        log.warning("feed.failed", feed=report.feed, problem=report.problem)
    elif report.kept.new:
        log.info("feed.polled", feed=report.feed, posts=report.kept.new)
    if report.over_limit:
        log.warning("feed.page_over_limit", feed=report.feed, problem=report.over_limit)
    if report.silent:
        log.warning("feed.silent", feed=report.feed, problem=report.silent)


def _renew_subscriptions(app: App) -> None:
    for report in app.intake.renew_subscriptions():
        if report.problem:
            log.warning("websub.request_failed", feed=report.feed, problem=report.problem)


def _check_links(app: App) -> None:
    app.editions.check_links()
