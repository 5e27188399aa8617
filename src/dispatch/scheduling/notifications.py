"""Programs elsewhere are told what has happened: a thread for each, some at once."""

from functools import partial
from threading import Thread

from dispatch.app import App
from dispatch.app.notify import MOST_AT_ONCE
from dispatch.errors import DispatchError
from dispatch.scheduling.attempts import attempt, may_work

LOOKED_EVERY = 1
"""Seconds: a program that reacts to what happens is waited for."""


class Notifier:
    """The threads of one process that tell programs something, one for each that is told.

    There are so many at most: where more programs wait, each is told some things in turn.
    """

    def __init__(self, app: App, *, most: int = MOST_AT_ONCE) -> None:
        self._app = app
        self._most = most
        self._telling: dict[str, Thread] = {}
        self._others_wait = False

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
        room = self._most - len(self._telling)
        self._others_wait = len(due) > room
        if not due or not may_work(app):
            return
        for name in due[:room]:
            tell = partial(self._tell, name)
            thread = Thread(target=partial(attempt, app, "", tell), name=f"receiver {name}")
            self._telling[name] = thread
            thread.start()

    def stop(self) -> None:
        """Return when the calls under way have ended."""
        for thread in self._telling.values():
            thread.join()

    def _tell(self, name: str) -> None:
        self._app.notify.tell(name, others_wait=lambda: self._others_wait)


def forget_notifications(app: App) -> None:
    """Forget what was told long ago."""
    app.notify.forget()
