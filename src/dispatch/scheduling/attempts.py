"""Something that is due, done so that its trouble stops nothing else."""

from collections.abc import Callable

import structlog

from dispatch.app import App
from dispatch.errors import DispatchError
from dispatch.log import at_work_on

log = structlog.get_logger()

Step = Callable[[], None]

FILES = "schedules.yaml"
"""What is read by the steps that remember their own trouble."""


def attempt(app: App, what: str, step: Step, **at_work: str) -> None:
    """Do something; its trouble is said, stops nothing else, and is known until it works.

    `at_work` names what it is done for: the campaign, and perhaps the edition.
    """
    with at_work_on(**at_work):
        try:
            step()
        except DispatchError as error:
            why = str(error)
            log.warning("step.failed", step=what or FILES, problem=why)
        except Exception as bug:
            why = type(bug).__name__
            log.exception("step.crashed", step=what or FILES)
        else:
            app.pulse.worked(what)
            return
    if what:
        app.pulse.failed(what, why)


def may_work(app: App) -> bool:
    """Whether what goes on beside the ticks may do so; if not, the next tick says why."""
    if app.stopping.is_set():
        return False
    try:
        app.check_database()
    except DispatchError:
        return False
    return True
