"""What the service does at each tick: run what is due, and wake for what is to go out; and poll."""

import socket
from collections.abc import Iterator
from functools import partial

import structlog

from dispatch.app import App
from dispatch.errors import DispatchError
from dispatch.scheduling.attempts import Step, attempt
from dispatch.scheduling.due import Waiting
from dispatch.scheduling.editions import (
    address,
    decide_all_overdue,
    forget_events,
    forget_pictures,
    welcome,
)
from dispatch.scheduling.notifications import forget_notifications
from dispatch.scheduling.people import (
    count_all_readers,
    end_all_pauses,
    erase_lapsed,
    look_after_sign_ups,
)
from dispatch.scheduling.runs import answer_news, run_due
from dispatch.version import __version__

log = structlog.get_logger()


def tick(app: App, *, waiting: Waiting | None = None) -> None:
    """Do everything whose time has come; one thing's trouble never stops another.

    Safe on any number of machines at once: slots, editions and deliveries are claimed as rows.
    `waiting` is what earlier ticks of this process know of campaigns that have nothing due.
    """
    with app.pulse.beat():
        if not _knows_its_database(app):
            return
        attempt(app, "ticks", partial(note_tick, app))
        for name, step in _steps(app, waiting or Waiting()):
            if app.stopping.is_set():
                return
            attempt(app, name, step)


def read_files_again(app: App) -> None:
    """Take up changes of schedules.yaml, for a process that serves pages and does not tick."""
    attempt(app, "", app.reload_if_changed)


def _steps(app: App, waiting: Waiting) -> Iterator[tuple[str, Step]]:
    # One after the other, so that the campaigns are those of the file as it is now.
    yield "", app.reload_if_changed  # which knows itself what it has failed at
    if waiting.went_back(app.clock()):
        yield "", app.follow
    yield "deadlines", partial(decide_all_overdue, app)
    yield "pauses", partial(end_all_pauses, app)
    yield "schedules", partial(run_due, app, waiting)
    yield "new posts", partial(answer_news, app, waiting.news)
    yield "addressing", partial(address, app)
    yield "welcomes", partial(welcome, app)
    yield "budgets", app.delivery.lift_budget_stops
    yield "deliveries", app.delivery.reconcile
    if waiting.may_look_after(app.clock()):
        yield "sign-ups", partial(look_after_sign_ups, app)
        yield "people", partial(erase_lapsed, app)
        yield "what came later", partial(forget_events, app)
        yield "pictures", partial(forget_pictures, app)
        yield "notifications", partial(forget_notifications, app)
    if waiting.may_count(app.clock()):
        yield "readers", partial(count_all_readers, app, waiting)


def note_tick(app: App) -> None:
    """Say in the database that this machine is at work: the team's pages show it."""
    with app.store.begin() as tx:
        now = app.clock()
        tx.ticks.note(socket.gethostname(), __version__, now=now)
        tx.ticks.forget(now=now)


def _knows_its_database(app: App) -> bool:
    try:
        app.check_database()
    except DispatchError as error:
        log.warning("database.refused", problem=str(error))
        return False
    return True
