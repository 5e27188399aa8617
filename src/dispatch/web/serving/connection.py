"""One connection of a client: uvicorn's, with an end to each wait."""

import asyncio
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Any, cast

import h11
from starlette.types import Message, Receive, Scope, Send
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from dispatch.web.limits import ANSWER_PATIENCE, PATIENCE, ConnectionLimits
from dispatch.web.page import PRIVATE
from dispatch.web.serving.crowd import Crowd
from dispatch.web.serving.requests import Requests
from dispatch.web.serving.tally import Tally


class Phase(Enum):
    """What a connection waits for."""

    HEAD = "the rest of a request's first line and headers"
    BODY = "the rest of what follows them"
    WORK = "our answer"
    STREAM = "the next event, for as long as it likes"
    UNREAD = "the client to take what was written"
    IDLE = "the next request"
    REFUSED = "the client to read why it was refused"


EVENTS = (b"content-type", b"text/event-stream")
"""The header of an answer that goes on until the client leaves, or the server stops."""


@dataclass(frozen=True, slots=True)
class House:
    """What all connections of a server share."""

    limits: ConnectionLimits
    crowd: Crowd
    tally: Tally
    piece: bytearray
    """Where what is read lies until it is looked at, which is at once."""


class Connection(H11Protocol, asyncio.BufferedProtocol):
    """uvicorn's connection, which is told when a phase has taken too long.

    uvicorn itself only ends one that is idle. This stands on names in its H11Protocol that are not
    promised (docs/adr/0037); tests/web/test_slow_clients.py sees when they change.
    """

    def __init__(
        self, config: Config, state: ServerState, app_state: dict[str, Any], house: House
    ) -> None:
        super().__init__(config, state, app_state)
        self.conn: Requests = Requests(house.limits)
        self._house = house
        self._now: tuple[Phase, object] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._refused = False
        self._streaming: object | None = None  # the request that is answered by events
        self._ended = False
        self._handlers = 0
        self._handle, self.app = self.app, self._counted
        limits = house.limits
        self._seconds = {
            Phase.HEAD: limits.head_seconds,
            Phase.BODY: limits.body_seconds,
            Phase.WORK: limits.work_seconds,
            Phase.UNREAD: limits.unread_seconds,
            Phase.IDLE: limits.idle_seconds,
            Phase.REFUSED: limits.linger_seconds,
        }

    # What the transport calls.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # writing counts as paused until all is taken
        self._look()

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002 - asyncio's
        """Where to read to: one place for all, as it is looked at before anything else is read."""
        return self._house.piece

    def buffer_updated(self, nbytes: int) -> None:
        """Look at what has been read."""
        self.data_received(bytes(memoryview(self._house.piece)[:nbytes]))

    def data_received(self, data: bytes) -> None:
        """Go on with a request, or throw away what somebody says who has been refused."""
        if not self._refused:
            super().data_received(data)
            self._look()

    def eof_received(self) -> bool | None:  # type: ignore[override]
        """The client will say no more: a whole request is answered still, a part of one is not."""
        if self._phase() is Phase.WORK:
            self.cycle.keep_alive = False
            return True
        return None

    def pause_writing(self) -> None:
        """The client does not take what is written."""
        super().pause_writing()
        self._look()

    def resume_writing(self) -> None:
        """It has taken all of it."""
        super().resume_writing()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Make room for another, once nothing is done for this one any more."""
        self._stop_timer()
        self._ended = True
        super().connection_lost(exc)
        self._leave()

    # What uvicorn calls.

    def on_response_complete(self) -> None:
        """Wait for the next request; it may be here already."""
        super().on_response_complete()
        self._look()

    def _should_upgrade(self) -> bool:
        """Never: who asks for a WebSocket gets the plain answer."""
        return False

    def shutdown(self) -> None:
        """The server stops: whoever waits for our answer gets it, nobody else is waited for.

        Who is told of events is told no more; their browser asks the next server.
        """
        if self._phase() is Phase.WORK:
            super().shutdown()
        else:
            self.transport.abort()

    # What the crowd calls.

    def let_go(self) -> None:
        """End at once: another one needs the room."""
        self._house.tally.note("web.connection_let_go")
        self._ended = True
        self.transport.abort()
        self._leave()

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application.

        A client that hangs up keeps its place until its answer is made: else answers that nobody
        waits for would fill the memory.
        """
        self._handlers += 1

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and EVENTS in message["headers"]:
                self._streaming = self.cycle
            await send(message)
            if self._streaming is not None:
                self._look()

        try:
            await self._handle(scope, receive, sending)
        finally:
            self._handlers -= 1
            self._leave()

    def _leave(self) -> None:
        if self._ended and not self._handlers:
            self._house.crowd.leave(self)

    def _look(self) -> None:
        """See what is waited for; when that is new, it has all of its time."""
        if self.conn.refusal and not self._refused:
            self._refuse(self.conn.refusal)
            return
        now = (self._phase(), self.cycle)
        if now == self._now or self._ended:
            return
        self._now = now
        self._stop_timer()
        if now[0] is not Phase.STREAM:
            self._timer = self.loop.call_later(self._seconds[now[0]], self._too_late)
        if now[0] in {Phase.WORK, Phase.STREAM}:
            self._house.crowd.work(self)
        else:
            self._house.crowd.wait(self)

    def _phase(self) -> Phase:
        if self._refused:
            return Phase.REFUSED
        if self.flow.write_paused:
            return Phase.UNREAD
        if self.conn.their_state is h11.SEND_BODY:
            return Phase.BODY
        if self.cycle is not None and not self.cycle.response_complete:
            return Phase.STREAM if self._streaming is self.cycle else Phase.WORK
        if self.cycle is None or self.conn.has_begun():
            return Phase.HEAD
        return Phase.IDLE

    def _too_late(self) -> None:
        """Say so to who has said something; end it for who has not, or does not listen."""
        self._timer = None
        phase = self._phase()
        if phase in {Phase.BODY, Phase.WORK} and (more := self._patience(phase)) > 0:
            self._timer = self.loop.call_later(more, self._too_late)
        elif phase is Phase.WORK:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
        elif phase is Phase.BODY or (phase is Phase.HEAD and self.conn.has_begun()):
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.abort()

    def _patience(self, phase: Phase) -> float:
        """How much longer a handler has said that something may take; given once for each."""
        name = PATIENCE if phase is Phase.BODY else ANSWER_PATIENCE
        scope = cast("dict[str, Any]", self.cycle.scope) if self.cycle is not None else {}
        seconds: float = scope.pop(name, 0.0)
        return seconds - self._seconds[phase]

    def _refuse(self, status: int) -> None:
        """Answer with a status, unless an answer has begun, and end soon after.

        The rest of what the client sends is still taken, for a moment: an end with something
        unread would destroy the answer on its way.
        """
        self._house.tally.note("web.request_refused", status=int(status))
        self._refused = True
        self._unset_keepalive_if_required()
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # what the handler says from now on goes nowhere
            self.cycle.message_event.set()
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            self._answer(HTTPStatus(status))
        self.transport.write_eof()
        self.flow.resume_reading()
        self._look()

    def _answer(self, status: HTTPStatus) -> None:
        words = f"{status.phrase}\n".encode()
        headers = {**PRIVATE, "Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
        headers["Content-Length"] = str(len(words))
        response = h11.Response(
            status_code=status, headers=list(headers.items()), reason=status.phrase.encode()
        )
        if self.conn.our_state is h11.SEND_RESPONSE and self.conn.method == b"HEAD":
            words = b""
        self.transport.write((self.conn.send(response) or b"") + words)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
