"""One process that reads feeds for us, one at a time, seen from our side."""

import pickle
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from dispatch.errors import FeedTooCostly, FeedUnreadable
from dispatch.feeds.web.address import shown
from dispatch.model.intake.feed import FeedDocument
from dispatch.subprocesses.process import Process


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be read, and how many seconds that may take in all."""

    body: bytes
    url: str
    content_type: str
    seconds: float


class TurnOver(Exception):
    """It takes longer than it may."""


class Child(Process):
    """One process, which reads one feed at a time."""

    def __init__(self, program: str) -> None:
        super().__init__(program)
        self.is_done = False

    def read(
        self, request: Request, *, quick: float, may_go_on: Callable[[], bool]
    ) -> FeedDocument | Exception:
        """What `parse` makes of the body: a document, or what it raises; or a FeedTooCostly.

        Raises TurnOver if it takes more than `quick` seconds, unless it `may_go_on` then.
        """
        self.is_done = True  # unless it answers
        answered, went_on, too_late = threading.Event(), threading.Event(), threading.Event()

        def watch() -> None:
            if answered.wait(quick):
                return
            if may_go_on():
                went_on.set()
                if answered.wait(request.seconds - quick):
                    return
            too_late.set()
            self.kill()

        watcher = threading.Thread(target=watch, name="watch", daemon=True)
        watcher.start()
        try:
            words = pickle.dumps((request.url, request.content_type, request.seconds))
            # Bytes of our own process: whoever has made it write others can do all we can.
            result, last = pickle.loads(self.ask(words, request.body))  # noqa: S301
        except (EOFError, OSError):
            self.end()
            if too_late.is_set() and not went_on.is_set():
                raise TurnOver from None
            return self._refusal(request.url, too_late=too_late.is_set())
        finally:
            answered.set()
            watcher.join()  # so that it cannot end the reading of the next feed
        self.is_done = last or too_late.is_set()
        return cast("FeedDocument | Exception", result)

    def end(self) -> None:
        """Let go of the process."""
        self.is_done = True
        super().end()

    def _refusal(self, url: str, *, too_late: bool) -> FeedUnreadable:
        if too_late:
            return FeedTooCostly(f"{shown(url)}: takes too long to be read - tell the feed's owner")
        if self.ran_out_of_memory:
            return FeedTooCostly(
                f"{shown(url)}: takes too much memory to be read - "
                "ask its owner for a feed with fewer posts"
            )
        kind = FeedTooCostly if self.was_killed else FeedUnreadable
        return kind(f"{shown(url)}: could not be read to its end - it is tried again later")
