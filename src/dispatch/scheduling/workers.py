"""Those who can be woken here, fed by the database or by ourselves.

Each is a thread, which has what it is woken for done: mail by a process of its own, where another
one sends already.
"""

from threading import Thread

from dispatch.app import App
from dispatch.config.process.settings import is_postgres
from dispatch.wakeup.pool import Pool


class Workers:
    """Starts and stops the workers of one process."""

    def __init__(self, app: App, *, processes: int) -> None:
        self._app = app
        self._number = processes
        self._ends = [app.stopping.set]

    def start(self) -> None:
        """Begin to listen. On PostgreSQL all machines hear the same wake-ups."""
        app = self._app
        handlers = app.delivery.handlers(self._number)
        if is_postgres(app.settings.database_url):
            from dispatch.wakeup.postgres import run_worker  # noqa: PLC0415 - needs the extra

            thread = Thread(
                target=run_worker,
                args=(app.settings.database_url, handlers),
                kwargs={"threads": self._number, "stopping": app.stopping},
                name="workers",
            )
            thread.start()
            self._ends.append(thread.join)
            return
        pool = Pool(handlers, threads=self._number, clock=app.clock)
        app.store.waker = pool
        pool.start()
        self._ends.append(pool.stop)

    def stop(self) -> None:
        """Return when the hand-overs under way have ended."""
        for end in self._ends:
            end()
