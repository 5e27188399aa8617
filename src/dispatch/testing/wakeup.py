"""A doorbell whose rings are answered at once, by whoever rings."""

from collections.abc import Mapping
from datetime import datetime

from dispatch.clock import Clock
from dispatch.wakeup.handle import answer
from dispatch.wakeup.port import Handler, Payload


class AtOnce:
    """Does a job when it is rung for, and nothing that is not due: the sweep rings again."""

    def __init__(self, handlers: Mapping[str, Handler], clock: Clock) -> None:
        self._handlers = handlers
        self._clock = clock

    def ring(
        self,
        job: str,
        payload: Payload,
        *,
        key: str,  # noqa: ARG002 - nothing waits, so nothing is doubled
        not_before: datetime | None = None,
    ) -> None:
        """See Doorbell."""
        if not_before is None or not_before <= self._clock():
            answer(job, payload, self._handlers)
