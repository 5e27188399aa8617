"""The door: lets connections in while there is room, and makes some where it can."""

import asyncio
import socket
from collections.abc import Callable

from dispatch import descriptors
from dispatch.web.limits import BREATH_SECONDS, ENTER_AT_ONCE, QUEUE, highest, share
from dispatch.web.serving.connection import Connection, House


class Door:
    """Accepts connections on a listening socket.

    asyncio's own way accepts thousands in one go, before it looks at any; and with the last
    descriptor gone it says so with a traceback for each of them.
    """

    def __init__(
        self,
        listener: socket.socket,
        new_connection: Callable[[], Connection],
        house: House,
        *,
        loop: asyncio.AbstractEventLoop,
        allowed: Callable[[], int] = descriptors.limit,
    ) -> None:
        self._listener = listener
        self._new_connection = new_connection
        self._house = house
        self._loop = loop
        self._allowed = allowed
        self._entering: set[asyncio.Task[None]] = set()
        self._retry: asyncio.TimerHandle | None = None

    def open(self) -> None:
        """Let in who comes, from now on."""
        self._listener.setblocking(False)
        self._listener.listen(QUEUE)
        self._watch()

    def close(self) -> None:
        """Let in nobody any more."""
        if self._retry is not None:
            self._retry.cancel()
        self._loop.remove_reader(self._listener)
        self._listener.close()

    def _watch(self) -> None:
        self._retry = None
        self._loop.add_reader(self._listener, self._enter)

    def _enter(self) -> None:
        allowed = self._allowed()
        most = min(self._house.limits.connections, share(allowed))
        for _ in range(ENTER_AT_ONCE):
            if self._is_full(most):
                self._take_breath("all that are open are being answered, or have just come")
                return
            try:
                client, _address = self._listener.accept()
            except (BlockingIOError, InterruptedError):
                return
            except ConnectionAbortedError:
                continue  # they have gone already
            except OSError as error:
                self._house.crowd.make_room()
                self._take_breath(str(error.strerror))
                return
            if client.fileno() > highest(allowed) and not self._house.crowd.make_room():
                client.close()
                self._take_breath("nearly all descriptors are in use")
                return
            self._begin(client)
            if self._house.crowd.staying > most:
                self._house.crowd.make_room()

    def _is_full(self, most: int) -> bool:
        crowd = self._house.crowd
        if crowd.staying > most:  # nobody could go when the last one came
            crowd.make_room()
        return crowd.staying > most or len(crowd) > most + ENTER_AT_ONCE

    def _take_breath(self, reason: str) -> None:
        """Who knocks waits a moment, in the system's queue."""
        self._house.tally.note("web.connection_waits", reason=reason)
        self._loop.remove_reader(self._listener)
        self._retry = self._loop.call_later(BREATH_SECONDS, self._watch)

    def _begin(self, client: socket.socket) -> None:
        connection = self._new_connection()
        self._house.crowd.enter(connection)
        task = self._loop.create_task(self._connect(client, connection))
        self._entering.add(task)
        task.add_done_callback(self._entering.discard)

    async def _connect(self, client: socket.socket, connection: Connection) -> None:
        try:
            client.setblocking(False)
            # An answer's head and body are two packets: the second must not wait for word of the
            # first, which some clients hold back for 40 ms. asyncio only does it for its own.
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await self._loop.connect_accepted_socket(lambda: connection, client)
        except OSError as error:  # they have gone already
            self._house.crowd.leave(connection)
            client.close()
            self._house.tally.note("web.connection_lost", reason=str(error.strerror))
