"""Programs that are told things: how many a second one takes, beside eight that are of no use.

Those that answer are a process of their own; each is told by a thread of its own, and all of them
by one process over one SQLite file.
"""

import asyncio
import multiprocessing
import random
import socket
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
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
from dispatch.scheduling.notifications import LOOKED_EVERY
from dispatch.store.transactions import Store

NUMBER = 2_000
KEY = b"a key of twenty-four byte"
LOOPBACK = [ip_network("127.0.0.0/8")]
ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"
FAILURE = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"
PAUSE = Event()

Way = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def measure_notifying(options: Options, stage: Stage) -> Iterator[Measured]:
    """On SQLite."""
    rates = [_tell(stage) for _ in range(options.rounds)]
    yield Measured("notify", rates, {"notifications": NUMBER})


def _tell(stage: Stage) -> float:
    database = f"sqlite:///{stage.new_folder() / 'dispatch.db'}"
    with _answering() as ports, _unheard() as deaf, closing(Store(database)) as store:
        quick, *dead = _plans([*ports, deaf])
        _happen(store, quick, *dead)
        stop = Event()
        with ExitStack() as clients:
            caller, *others = (_caller(store, clients, stop) for _ in (quick, *dead))
            beside = [Thread(target=_go_on, args=pair) for pair in zip(dead, others, strict=True)]
            for thread in beside:
                thread.start()
            began = time.monotonic()
            took = tell_receiver(quick, Pace(), keys=[KEY], caller=caller)
            seconds = time.monotonic() - began
            stop.set()
            for thread in beside:
                thread.join()
    if took != NUMBER:
        raise WrongCountError(f"{took} of {NUMBER} were taken")
    return took / seconds


def _caller(store: Store, clients: ExitStack, stop: Event) -> Caller:
    http = clients.enter_context(new_client(transport=FeedNetwork(allowed=LOOPBACK)))
    return Caller(
        store=store,
        http=http,
        clock=system_clock,
        rng=random.Random(1),
        keep_going=lambda: not stop.is_set(),
    )


def _go_on(plan: ReceiverPlan, caller: Caller) -> None:
    """As `dispatch up` looks each second whether it may be called again."""
    pace = Pace()
    while caller.keep_going():
        tell_receiver(plan, pace, keys=[KEY], caller=caller)
        PAUSE.wait(LOOKED_EVERY)


def _plans(ports: Sequence[int]) -> list[ReceiverPlan]:
    """The quick one first, then those that are dead, each in its way."""
    at = [f"http://127.0.0.1:{port}/" for port in ports]
    more = [f"https://127.0.0.1:{ports[0]}/", "http://nobody.invalid/", "http://127.0.0.1:9/"]
    return [
        ReceiverPlan(f"r{number}", url, ("env:SECRET",), is_private=True)
        for number, url in enumerate([*at, *more])
    ]


def _happen(store: Store, *plans: ReceiverPlan) -> None:
    now, shape = system_clock(), SHAPES[Type.SUBSCRIBER_LEFT].example()
    told = [(f"{number:032x}", {**shape, "id": f"{number:032x}"}) for number in range(NUMBER)]
    with store.begin() as tx:
        tx.receivers.follow({one.name: one for one in plans}, now=now)
        tx.notifications.add_many(Type.SUBSCRIBER_LEFT, told, now=now)


@contextmanager
def _answering() -> Iterator[list[int]]:
    """Programs that answer, each at a port: well, by 500, drop by drop, by a reset, and never."""
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
def _unheard() -> Iterator[int]:
    """A port that is listened at, where no connection is ever made."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):  # those who wait already, so that there is room for none
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def _answer(pipe: Connection) -> None:
    async def serve() -> None:
        ways = (_take, _fail, _drip, _reset, _hang)
        servers = [await asyncio.start_server(_quietly(way), "127.0.0.1", 0) for way in ways]
        pipe.send([server.sockets[0].getsockname()[1] for server in servers])
        await asyncio.gather(*(server.serve_forever() for server in servers))

    asyncio.run(serve())


async def _read(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length))


async def _take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        await _read(reader)
        writer.write(ANSWER)


async def _fail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        await _read(reader)
        writer.write(FAILURE)


async def _drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _read(reader)
    for letter in ANSWER:
        writer.write(bytes([letter]))
        await writer.drain()
        await asyncio.sleep(1)


async def _reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _read(reader)
    writer.transport.abort()


async def _hang(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


def _quietly(way: Way) -> Way:
    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, OSError):
            await way(reader, writer)
        writer.close()

    return answered
