"""Told to stop by Ctrl-C or SIGTERM, a command ends: in good order, and soon in any case."""

import faulthandler
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from dispatch.cli.output.console import say

LAST_SECONDS = 8.5
"""How long what is under way may take to end, so that the process is gone within ten. Whoever stops
services kills them after a while anyway, and by then we have said why."""

NO_LATER_SECONDS = 9.5
"""When the process ends even if no Python code gets to run any more."""

ENDED = 1
"""The exit code of a process that did not wait for what was under way."""

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stopping_at_signals() -> Iterator[Callable[[Callable[[], object]], None]]:
    """Take signals for as long as a command has something open; gives a way to say what to stop.

    What is said to it is called at a signal, or at once if one came before. What then still runs
    after some seconds is cut off: what is in a provider's hands at that moment is settled by the
    next process, as after a crash. A second signal does not wait.
    """
    told = Event()
    to_stop: list[Callable[[], object]] = []

    def hear(_number: int, _frame: object) -> None:
        if told.is_set():
            os._exit(ENDED)
        told.set()
        _end_soon()
        for stop in to_stop:
            stop()

    def at_signal(stop: Callable[[], object]) -> None:
        to_stop.append(stop)
        if told.is_set():  # the signal may have come while we added it: to stop twice is harmless
            stop()

    before = {number: signal.signal(number, hear) for number in SIGNALS}
    try:
        yield at_signal
    finally:  # what is left to do at the end is under the same clock, once it runs
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_soon() -> None:
    # A thread without Python, for when some library never lets go of the interpreter.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    faulthandler.dump_traceback_later(NO_LATER_SECONDS, exit=True, file=nowhere)
    Thread(target=_cut_off, name="last-seconds", daemon=True).start()


def _cut_off() -> None:
    Event().wait(LAST_SECONDS)
    say(
        f"still at work after {LAST_SECONDS:g} seconds - ended all the same; the next start "
        "settles what was under way",
        err=True,
    )
    os._exit(ENDED)
