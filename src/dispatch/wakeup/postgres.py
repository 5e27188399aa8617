"""A worker that hears the wake-ups in PostgreSQL: Procrastinate's, in a loop that outlives trouble.

Procrastinate is asynchronous; that ends in this file. Handlers are plain functions in threads.
"""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog

from dispatch.errors import StoreUnavailable
from dispatch.masking import masked
from dispatch.wakeup.envelope import QUEUE, TASK, understands
from dispatch.wakeup.handle import answer
from dispatch.wakeup.port import Handler

try:
    import procrastinate
    import psycopg
    from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
except ModuleNotFoundError as missing:
    raise StoreUnavailable(
        "worker: Procrastinate is not installed - install dispatch with its extra 'postgres'"
    ) from missing

log = structlog.get_logger()

LOOK_SECONDS = 1.0
"""How late a wake-up with a due time may be heard, and one whose notice was lost: Procrastinate
misses those that come while it is looking. All others are heard at once."""

RETRY_SECONDS = 1.0
"""The pause before a worker that lost its database tries again."""

PATIENCE_SECONDS = 5.0
"""How long to wait for a connection: a worker that stops without its database must soon give up."""

PUT_BACK_SECONDS = 60
"""How long a wake-up that this version does not understand waits for a worker that does."""

CONNECTIONS = 3
"""For the queue alone and whatever the threads: taking up and ending a job are short. One more
listens; the handlers use the store's."""


def run_worker(
    database_url: str, handlers: Mapping[str, Handler], *, threads: int, stopping: Event
) -> None:
    """Do the jobs that it is woken for, up to `threads` at once, until `stopping` is set.

    Returns when the jobs under way have ended; handlers that take long watch `stopping`
    themselves. Outlives restarts of the database, and leaves signals to its caller.
    """
    with ThreadPoolExecutor(threads, thread_name_prefix="worker") as executor:
        worker = _Worker(_libpq(database_url), handlers, threads, executor, stopping)
        asyncio.run(worker.run())


@dataclass(slots=True)
class _Worker:
    address: str
    handlers: Mapping[str, Handler]
    threads: int
    executor: ThreadPoolExecutor
    stopping: Event
    busy: int = 0  # jobs under way

    async def run(self) -> None:
        work = asyncio.create_task(self._work())
        await asyncio.to_thread(self.stopping.wait)
        work.cancel()  # Procrastinate takes up nothing more, and waits for what is under way
        while not work.done():
            await asyncio.wait([work], timeout=PATIENCE_SECONDS)
            # A cancellation may get lost on its way through so many hands; jobs end by themselves.
            if not self.busy:
                work.cancel()

    async def _work(self) -> None:
        # To be cancelled is not enough: a database that is lost just then hides that.
        while not self.stopping.is_set():
            app = self._new_app()
            try:
                async with app.open_async():
                    await app.run_worker_async(
                        queues=[QUEUE],
                        concurrency=self.threads,
                        fetch_job_polling_interval=LOOK_SECONDS,
                        delete_jobs="always",
                        install_signal_handlers=False,
                    )
            except (ConnectorException, psycopg.Error) as error:
                log.warning("worker.database_lost", problem=self._said(error))
            except Exception:
                log.exception("worker.crashed")
            await asyncio.sleep(RETRY_SECONDS)

    def _new_app(self) -> procrastinate.App:
        connector = procrastinate.PsycopgConnector(
            conninfo=self.address, min_size=1, max_size=CONNECTIONS, timeout=PATIENCE_SECONDS
        )
        app = procrastinate.App(connector=connector)
        # Async, although the handlers are not: Procrastinate would run plain functions in
        # asyncio's own threads, of which there are few on a small machine.
        app.task(name=TASK, queue=QUEUE, pass_context=True)(self._hear)
        return app

    async def _hear(self, context: procrastinate.JobContext, /, **envelope: Any) -> None:
        if not understands(envelope, self.handlers):
            await _put_back(context, envelope)
            return
        job, payload = envelope["job"], envelope["payload"]
        loop = asyncio.get_running_loop()
        self.busy += 1
        try:
            await loop.run_in_executor(self.executor, answer, job, payload, self.handlers)
        finally:
            self.busy -= 1

    def _said(self, error: BaseException) -> str:
        first_line = str(error.__cause__ or error).strip().partition("\n")[0]
        return masked(first_line, unquote(urlsplit(self.address).password or ""))


async def _put_back(context: procrastinate.JobContext, envelope: Mapping[str, Any]) -> None:
    """Leave a wake-up to a worker of another version.

    Procrastinate's own retry would fail for good if there is another with the same key meanwhile.
    """
    log.warning("wakeup.put_back", envelope=envelope)
    later = context.app.configure_task(
        TASK,
        queue=QUEUE,
        queueing_lock=context.job.queueing_lock,
        schedule_in={"seconds": PUT_BACK_SECONDS},
    )
    with suppress(AlreadyEnqueued):
        await later.defer_async(**envelope)


def _libpq(database_url: str) -> str:
    """The address without the driver that SQLAlchemy is told in it.

    >>> _libpq("postgresql+psycopg://ada@db/letters")
    'postgresql://ada@db/letters'
    """
    return "postgresql://" + database_url.partition("://")[2]
