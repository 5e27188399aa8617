"""The web server: uvicorn, with a door and connections of ours, and a log like everything else."""

import asyncio
import logging
import socket

import uvicorn
from anyio.to_thread import current_default_thread_limiter
from starlette.types import ASGIApp

from dispatch.web.limits import ConnectionLimits
from dispatch.web.serving.connection import Connection, House
from dispatch.web.serving.crowd import Crowd
from dispatch.web.serving.door import Door
from dispatch.web.serving.tally import ServerLog, Tally, loop_failed

GRACE_SECONDS = 5
"""How long a request under way may take to end when the service stops."""

LOGGER = "uvicorn.error"
"""By which uvicorn says all that it says at our level, errors or not."""


class WebServer(uvicorn.Server):
    """Serves an application on a listening socket; `run()` returns after `should_exit` is set."""

    def __init__(
        self, web: ASGIApp, listener: socket.socket, *, limits: ConnectionLimits | None = None
    ) -> None:
        super().__init__(
            uvicorn.Config(
                web,
                # What comes with uvicorn and not with its extras, wherever we run.
                loop="asyncio",
                http=Connection,
                ws="none",
                log_config=None,
                log_level="warning",
                access_log=False,
                # Nothing is made of who asks or by which name: there is nothing to be lied about.
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._listener = listener
        self._limits = limits or ConnectionLimits()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        """Begin to let connections in."""
        loop = asyncio.get_running_loop()
        tally = Tally()
        limits = self._limits
        crowd = Crowd(loop.time, settling_seconds=limits.settling_seconds)
        self._house = House(limits, crowd, tally, piece=bytearray(limits.piece_bytes))
        loop.set_exception_handler(loop_failed(tally))
        self._log = ServerLog(tally)
        logger = logging.getLogger(LOGGER)
        logger.addHandler(self._log)
        logger.propagate = False
        current_default_thread_limiter().total_tokens = limits.at_once
        await super().startup(sockets=[])  # accepting is the door's
        self._door = Door(self._listener, self._new_connection, self._house, loop=loop)
        self._door.open()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        """Let nobody in any more, answer those that wait for it, and end the others."""
        self._door.close()
        await super().shutdown(sockets=[])
        self._house.crowd.end()
        await asyncio.sleep(0)  # their ends are calls that wait in the loop
        self._house.tally.close()
        logging.getLogger(LOGGER).removeHandler(self._log)

    def _new_connection(self) -> Connection:
        return Connection(self.config, self.server_state, self.lifespan.state, self._house)
