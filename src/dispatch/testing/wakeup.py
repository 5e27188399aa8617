"""A waker whose jobs are done at once, by whoever wakes."""

from collections.abc import Mapping
from datetime import datetime

from dispatch.clock import Clock
from dispatch.wakeup.handle import answer
from dispatch.wakeup.port import Handler, Payload


class AtOnce:
    """Does a job when it is woken for, and nothing that is not due: reconciling wakes again."""

    def __init__(self, handlers: Mapping[str, Handler], clock: Clock) -> None:
        self._handlers = handlers
        self._clock = clock

    def wake(
        self,
        job: str,
        payload: Payload,
        *,
        key: str,  # noqa: ARG002 - nothing waits, so nothing is doubled
        not_before: datetime | None = None,
    ) -> None:
        """See Waker."""
        if not_before is None or not_before <= self._clock():
            answer(job, payload, self._handlers)
