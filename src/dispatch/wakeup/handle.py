"""A wake-up is heard: the handler for its job runs, and whatever it raises ends here."""

from collections.abc import Mapping

import structlog

from dispatch.errors import DispatchError
from dispatch.log import at_work_on
from dispatch.wakeup.port import Handler, Payload

log = structlog.get_logger()


def answer(job: str, payload: Payload, handlers: Mapping[str, Handler]) -> None:
    """Do the job. A failure is told and not tried again: reconciling wakes for what is left."""
    with at_work_on(**payload):
        try:
            handlers[job](payload)
        except DispatchError as error:
            log.warning("job.failed", job=job, problem=str(error))
        except Exception:
            log.exception("job.crashed", job=job)
