"""Programs elsewhere are told what has happened: a thread for each, so that none waits."""

from functools import partial
from threading import Thread

from dispatch.app import App
from dispatch.errors import DispatchError
from dispatch.scheduling.attempts import attempt, may_work

LOOKED_EVERY = 1
"""Seconds: a program that reacts to what happens is waited for."""


class Notifier:
    """The threads of one process that tell programs something, one for each that is told."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._telling: dict[str, Thread] = {}

    def look(self) -> None:
        """Begin to tell those for whom something is due; it asks little where nothing is.

        That it cannot ask is for the next tick to say.
        """
        app = self._app
        self._telling = {name: one for name, one in self._telling.items() if one.is_alive()}
        try:
            if app.stopping.is_set() or not app.workspace.notify:
                return
            due = [name for name in app.notify.due() if name not in self._telling]
        except DispatchError:
            return
        if not due or not may_work(app):
            return
        for name in due:
            tell = partial(self._tell, name)
            thread = Thread(target=partial(attempt, app, "", tell), name=f"receiver {name}")
            self._telling[name] = thread
            thread.start()

    def stop(self) -> None:
        """Return when the calls under way have ended."""
        for thread in self._telling.values():
            thread.join()

    def _tell(self, name: str) -> None:
        self._app.notify.tell(name)


def forget_notifications(app: App) -> None:
    """Forget what was told long ago."""
    app.notify.forget()
