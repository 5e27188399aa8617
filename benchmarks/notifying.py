"""Programs that are told things: how many a second one takes, beside one that never answers.

The program that answers is a process of its own; one thread tells it, another tells the dead one.
Both are told by one process over one SQLite file.
"""

import asyncio
import multiprocessing
import random
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from ipaddress import ip_network
from multiprocessing.connection import Connection
from threading import Event, Thread

from benchmarks.figures import Measured
from benchmarks.stage import Options, Stage, WrongCountError
from dispatch.clock import system_clock
from dispatch.feeds.web.network import FeedNetwork
from dispatch.http import new_client
from dispatch.model.notify.receiver import ReceiverPlan
from dispatch.model.notify.types import SHAPES, Type
from dispatch.pipeline.notify.pace import Pace
from dispatch.pipeline.notify.tell import Caller, tell_receiver
from dispatch.store.transactions import Store

NUMBER = 2_000
KEY = b"a key of twenty-four byte"
LOOPBACK = [ip_network("127.0.0.0/8")]
ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


def measure_notifying(options: Options, stage: Stage) -> Iterator[Measured]:
    """On SQLite."""
    rates = [_tell(stage) for _ in range(options.rounds)]
    yield Measured("notify", rates, {"notifications": NUMBER})


def _tell(stage: Stage) -> float:
    database = f"sqlite:///{stage.new_folder() / 'dispatch.db'}"
    with _answering() as port, _dead() as silent, closing(Store(database)) as store:
        quick, dead = _plan("quick", port), _plan("dead", silent)
        _happen(store, quick, dead)
        stop = Event()
        with new_client(transport=FeedNetwork(allowed=LOOPBACK)) as http:
            caller = Caller(
                store=store,
                http=http,
                clock=system_clock,
                rng=random.Random(1),
                keep_going=lambda: not stop.is_set(),
            )
            beside = Thread(
                target=tell_receiver, args=(dead, Pace()), kwargs={"keys": [KEY], "caller": caller}
            )
            beside.start()
            began = time.monotonic()
            took = tell_receiver(quick, Pace(), keys=[KEY], caller=caller)
            seconds = time.monotonic() - began
            stop.set()
            beside.join()
    if took != NUMBER:
        raise WrongCountError(f"{took} of {NUMBER} were taken")
    return took / seconds


def _plan(name: str, port: int) -> ReceiverPlan:
    return ReceiverPlan(name, f"http://127.0.0.1:{port}/", ("env:SECRET",), is_private=True)


def _happen(store: Store, *plans: ReceiverPlan) -> None:
    now, shape = system_clock(), SHAPES[Type.SUBSCRIBER_LEFT].example()
    told = [(f"{number:032x}", {**shape, "id": f"{number:032x}"}) for number in range(NUMBER)]
    with store.begin() as tx:
        tx.receivers.follow({one.name: one for one in plans}, now=now)
        tx.notifications.add_many(Type.SUBSCRIBER_LEFT, told, now=now)


@contextmanager
def _answering() -> Iterator[int]:
    """A program that takes all it is told; its port."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_answer, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


@contextmanager
def _dead() -> Iterator[int]:
    """A port at which nobody ever answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield listener.getsockname()[1]


def _answer(pipe: Connection) -> None:
    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length))
            writer.write(ANSWER)

    async def serve() -> None:
        server = await asyncio.start_server(take, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())
