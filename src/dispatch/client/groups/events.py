# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of events."""

from collections.abc import Iterator

from dispatch.client.calls import Calls
from dispatch.client.shapes.events import EventKind, EventLine


class EventsGroup:
    """Operations of events."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(
        self, *, limit: int | None = None, channel: str | None = None, kind: EventKind | None = None
    ) -> Iterator[EventLine]:
        """What providers told, the last first."""
        return self._calls.pages(
            "/events", query={"limit": limit, "channel": channel, "kind": kind}
        )
