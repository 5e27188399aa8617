"""Those who can be woken in this process: threads, fed by the database or by ourselves."""

from threading import Thread

from dispatch.app import App
from dispatch.config.process.settings import is_postgres
from dispatch.wakeup.pool import Pool


class Workers:
    """Starts and stops the workers of one process."""

    def __init__(self, app: App, *, threads: int) -> None:
        self._app = app
        self._threads = threads
        self._ends = [app.stopping.set]

    def start(self) -> None:
        """Begin to listen. On PostgreSQL all machines hear the same wake-ups."""
        app = self._app
        if is_postgres(app.settings.database_url):
            from dispatch.wakeup.postgres import run_worker  # noqa: PLC0415 - needs the extra

            thread = Thread(
                target=run_worker,
                args=(app.settings.database_url, app.delivery.handlers()),
                kwargs={"threads": self._threads, "stopping": app.stopping},
                name="workers",
            )
            thread.start()
            self._ends.append(thread.join)
            return
        pool = Pool(app.delivery.handlers(), threads=self._threads, clock=app.clock)
        app.store.waker = pool
        pool.start()
        self._ends.append(pool.stop)

    def stop(self) -> None:
        """Return when the hand-overs under way have ended."""
        for end in self._ends:
            end()
