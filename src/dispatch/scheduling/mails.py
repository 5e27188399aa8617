"""Mails to reviewers, readers and the team, and those that come back; all beside the tick."""

from functools import partial

import structlog

from dispatch.app import App
from dispatch.errors import DispatchError, MailboxUnavailable
from dispatch.log import at_work_on
from dispatch.scheduling.attempts import attempt, may_work

log = structlog.get_logger()


def send_review_mails(app: App) -> None:
    """Tell reviewers what waits for them; beside `tick`, as a mail server may hang."""
    if may_work(app):
        attempt(app, "reviewers", partial(_send_review_mails, app))


def send_reader_mails(app: App) -> None:
    """Write to readers about their own affairs; often and beside `tick`, as people wait for it.

    It asks for one row as long as there is none. That it cannot ask is for the next tick to say.
    """
    try:
        if app.stopping.is_set() or not app.reader_mails.are_due():
            return
    except DispatchError:
        return
    if may_work(app):
        attempt(app, "readers' mails", partial(_send_reader_mails, app))


def send_team_mails(app: App) -> None:
    """Write to the team about their own affairs, in the round of readers' mails."""
    try:
        if app.stopping.is_set() or not app.signing_in.mails_are_due():
            return
    except DispatchError:
        return
    if may_work(app):
        attempt(app, "mails to the team", partial(_send_team_mails, app))


def read_bounces(app: App) -> None:
    """Read what mail servers have sent back; beside `tick`, as the mailbox's server may hang.

    It asks for one row as long as it is not due.
    """
    try:
        state = app.bounces.state()
        if app.stopping.is_set() or not app.bounces.is_due(state):
            if state is None or not state.problem:  # another machine may have read it since
                app.pulse.worked("bounces")
            return
    except DispatchError:
        return
    if may_work(app):
        attempt(app, "bounces", partial(_read_bounces, app))


def _send_review_mails(app: App) -> None:
    for told in app.editions.send_review_mails():
        mail = told.review_mail
        with at_work_on(campaign=told.campaign, edition=mail.edition_id):
            if told.problem:
                log.warning("review_mail.failed", problem=str(told))
            else:
                log.info("review_mail.accepted", about=mail.about.value, address=mail.address)


def _send_reader_mails(app: App) -> None:
    for came in app.reader_mails.send():
        mail = came.reader_mail
        if came.problem:
            log.warning("reader_mail.failed", reader_mail=mail.id, problem=str(came))
        else:
            log.info("reader_mail.accepted", reader_mail=mail.id, about=mail.about.value)


def _send_team_mails(app: App) -> None:
    for came in app.signing_in.send_mails():
        mail = came.team_mail
        if came.problem:
            log.warning("team_mail.failed", team_mail=mail.id, problem=str(came))
        else:
            log.info("team_mail.accepted", team_mail=mail.id, about=mail.about.value)


def _read_bounces(app: App) -> None:
    report = app.bounces.read()
    if report is None:
        return  # another machine is at it
    if report.read:
        log.info(
            "bounces.read", mails=report.read, understood=report.understood, events=report.said
        )
    if report.problem:
        raise MailboxUnavailable(report.problem)
