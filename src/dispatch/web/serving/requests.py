"""Requests as they come in: h11's reading of them, and what we refuse besides."""

import h11

from dispatch.web.limits import ConnectionLimits


class Requests(h11.Connection):
    """The server's side of one connection; `method` is the last request's.

    `refusal` is the status once something is wrong. Nothing comes after that, and nothing is
    raised: who asks for the next event is told to wait.
    """

    def __init__(self, limits: ConnectionLimits) -> None:
        super().__init__(h11.SERVER, limits.head_bytes)
        self._limits = limits
        self.refusal = 0
        self.method = b""

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """The next event, or that there is none yet."""
        if self.refusal:
            return h11.NEED_DATA
        try:
            event = super().next_event()
        except h11.RemoteProtocolError as error:
            self.refusal = error.error_status_hint
            return h11.NEED_DATA
        if isinstance(event, h11.Request):
            self.method = event.method
            self.refusal = self._refusal(event)
            if self.refusal:
                return h11.NEED_DATA
        return event

    def has_begun(self) -> bool:
        """Whether a part of the next request is here."""
        unread, _ = self.trailing_data
        return bool(unread)

    def _refusal(self, request: h11.Request) -> int:
        """Whether h11 takes more than we do: it looks at size only while a head is incomplete."""
        fields = request.headers.raw_items()
        size = sum(len(name) + len(value) for name, value in fields) + len(request.target)
        if len(fields) > self._limits.headers or size > self._limits.head_bytes:
            return 431
        return 505 if not request.http_version.startswith(b"1.") else 0
