"""Readers whose time has come: who is back, who lapsed, and files of them that were handed over."""

from functools import partial

import structlog

from dispatch.app import App
from dispatch.errors import DispatchError
from dispatch.pipeline.people.pause import end_pauses
from dispatch.pipeline.team.count_readers import count_readers
from dispatch.scheduling.attempts import attempt, may_work
from dispatch.scheduling.due import Waiting

log = structlog.get_logger()


def end_all_pauses(app: App) -> None:
    """Have those back whose pause is over."""
    # Before the addressing, so that who is back gets what goes out now.
    if number := end_pauses(store=app.store, clock=app.clock):
        log.info("pauses.over", number=number)


def look_after_sign_ups(app: App) -> None:
    """Remind who did not confirm, and forget what was for a while only."""
    reminded = app.reader_mails.remind()
    if reminded:
        log.info("sign_ups.reminded", readers=reminded)
    app.reader_mails.forget_limits()
    app.signing_in.forget()
    forgotten = app.reader_mails.forget()
    if forgotten:
        log.info("sign_ups.forgotten", rows=forgotten)
    app.uploads.forget()
    app.team.forget_api_answers()


def erase_lapsed(app: App) -> None:
    """Erase whom the team keeps no longer."""
    number = app.people.erase_lapsed()
    if number:
        log.info("people.erased", readers=number)


def count_all_readers(app: App, waiting: Waiting) -> None:
    """Count the readers of each day, for the team's pages."""
    waiting.readers = count_readers(
        waiting.readers, store=app.store, clock=app.clock, zone=app.zone
    )


def work_on_uploads(app: App) -> None:
    """Look at a file that somebody has handed over, or bring it in.

    Beside `tick`, as it may take minutes. It asks for one row as long as there is none.
    """
    try:
        if app.stopping.is_set() or not app.uploads.are_due():
            return
    except DispatchError:
        return
    if may_work(app):
        attempt(app, "files of people", partial(_work_on_uploads, app))


def _work_on_uploads(app: App) -> None:
    while not app.stopping.is_set() and app.uploads.work():
        pass
