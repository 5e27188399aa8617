"""Trials of templates in a process of their own, so that none can stall or kill the service.

The bounds of a rendering are ours; what reads MJML and styles is not, and may still take more than
it should, or end the process that it runs in.
"""

import pickle
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Self, cast

from dispatch.clock import Timer, system_timer
from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.campaign import Each
from dispatch.model.editions.edition import EditionContent
from dispatch.subprocesses.limits import MEMORY
from dispatch.subprocesses.process import Process

SECONDS = 20.0  # a large digest takes one
KEPT = 20.0  # seconds for which the process waits for the next trial
REMEMBERED = 300.0  # seconds in which what went over a limit is not tried again
MOST = 20  # contents that are remembered
PROOFREADER = "dispatch.render.trials.proofreader"


class RenderApart:
    """`proof` and `check_template` with limits on time and memory, for any number of threads.

    The process is started when it is needed, and makes one trial at a time. To be closed.
    """

    def __init__(
        self, *, seconds: float = SECONDS, program: str = PROOFREADER, timer: Timer = system_timer
    ) -> None:
        """`program` is the module that runs there."""
        self._seconds = seconds
        self._program = program
        self._timer = timer
        self._process: Process | None = None
        self._used = 0.0
        self._failures: deque[_Failure] = deque(maxlen=MOST)
        self._lock = threading.Lock()
        self._closed = False

    def proof(self, content: EditionContent) -> None:
        """Raise TemplateFailed if a text of the edition cannot be made, or takes too much.

        What took too much is not tried again for some minutes, whichever moment it is for.
        """
        whenever = replace(content, slot=datetime.min)  # noqa: DTZ901 - a wall clock's
        now = self._timer()
        for failure in self._failures.copy():
            if now < failure.until and failure.content == whenever:
                raise TemplateFailed(failure.sentence)
        try:
            self._do("proof", content.templates, content)
        except _TooMuch as error:
            self._failures.append(_Failure(whenever, str(error), now + REMEMBERED))
            raise

    def check_template(
        self,
        name: str,
        sources: Mapping[str, str],
        *,
        needs_email: bool,
        needs_social: bool,
        each: Iterable[Each],
        may_be_empty: bool,
    ) -> list[str]:
        """What `check_template` says of a template, or that it takes too much to say."""
        try:
            problems = self._do(
                "check_template",
                [name],
                name,
                sources,
                needs_email=needs_email,
                needs_social=needs_social,
                each=tuple(each),
                may_be_empty=may_be_empty,
            )
            return cast("list[str]", problems)
        except _TooMuch as error:
            return [str(error)]

    def cut_off(self) -> None:
        """End the trial under way, and refuse what is still asked. Waits for nothing."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the process, also in the midst of a trial."""
        self.cut_off()
        with self._lock:
            self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _do(self, task: str, templates: Iterable[str], *args: object, **more: object) -> object:
        where = ", ".join(f"templates/{name}" for name in templates)
        request = pickle.dumps((task, self._seconds, args, more))
        with self._lock:
            answer = self._ask(request, where)
        # Bytes of our own process, which templates cannot reach out of: they run in a sandbox.
        result, error = cast("tuple[object, Exception | None]", pickle.loads(answer))  # noqa: S301
        if error is not None:
            raise error
        return result

    def _ask(self, request: bytes, where: str) -> bytes:
        process = self._ready(where)
        too_late = threading.Event()

        def stop() -> None:
            too_late.set()
            process.kill()

        watcher = threading.Timer(self._seconds, stop)
        watcher.daemon = True
        watcher.start()
        try:
            answer = process.ask(request)
        except (EOFError, OSError):
            self._let_go()
            raise self._refusal(process, where, too_late=too_late.is_set()) from None
        finally:
            watcher.cancel()
            watcher.join()  # so that it cannot end the next trial
        self._used = self._timer()
        return answer

    def _ready(self, where: str) -> Process:
        """The process, which ends by itself if it is not used."""
        kept = self._process
        if kept is not None and not kept.has_died and self._timer() - self._used < KEPT:
            return kept
        self._let_go()
        process = self._process = Process(self._program)
        if self._closed or not process.get_ready():
            self._let_go()
            problem = "dispatch stops" if self._closed else "no process starts"
            raise TemplateFailed(f"{where}: not tried, {problem} - try again later")
        return process

    def _let_go(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()

    def _refusal(self, process: Process, where: str, *, too_late: bool) -> TemplateFailed:
        if self._closed:
            return TemplateFailed(f"{where}: not tried, dispatch stops - try again later")
        if too_late:
            return _TooMuch(f"{where}: takes more than {self._seconds:g} seconds - let it do less")
        if process.ran_out_of_memory:
            return _TooMuch(
                f"{where}: takes more than {MEMORY // 1_000_000} MB, or is nested too deeply - "
                "split it into parts, or let it do less"
            )
        return _TooMuch(f"{where}: ends the process that renders it - make it simpler")


class _TooMuch(TemplateFailed):
    """It went over a limit, and would do so again."""


@dataclass(frozen=True, slots=True)
class _Failure:
    content: EditionContent
    sentence: str
    until: float
