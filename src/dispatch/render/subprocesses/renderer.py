"""Rendering in a process of its own, so that no template can stall, fill or end the service.

The bounds of a rendering are ours (`render/templates/bounds.py`); what reads MJML and styles is
not, and one call of Python's own may take longer than all of them allow.
"""

import pickle
import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

from dispatch.clock import Timer, system_timer
from dispatch.errors import RenderingStopped, TemplateFailed
from dispatch.model.campaigns.campaign import Each, SocialPlan
from dispatch.model.editions.edition import EditionContent
from dispatch.model.editions.picture import Picture
from dispatch.model.people.reader_mail import ReaderMailContent
from dispatch.model.people.segment import shown_segment
from dispatch.model.people.subscriber import Consent, Subscriber
from dispatch.model.text.limits import ANYTHING, TextLimits
from dispatch.render.subprocesses.request import CONTENTS, KEPT, Request
from dispatch.subprocesses.limits import MEMORY
from dispatch.subprocesses.process import Process

if TYPE_CHECKING:  # what those who only ask need not wait for
    from dispatch.render.digests.variant import CompiledVariant, Reading
    from dispatch.render.digests.web_page import WebPage
    from dispatch.render.templates.links import LinksView
    from dispatch.render.texts import Digest, Snippet

SECONDS = 20.0  # a large digest takes one
REMEMBERED = 300.0  # seconds in which what went over a limit is not tried again
MOST = 20  # failures that are remembered
TRIES: Mapping[str, int] = {"digest": 3, "variant": 3}
"""How often something may go over a limit before it is given up; once where it is not for one
reader only."""

CHILD = "dispatch.render.subprocesses.child"


class SubprocessRenderer:
    """A `Renderer`, `proof` and `check_template` with limits on time and memory.

    For any number of threads; the process is started when it is needed, and does one thing at a
    time. What goes over a limit raises TemplateFailed, and is not tried again for some minutes; a
    digest that costs too much for one reader is still tried for some others. To be closed.
    """

    def __init__(
        self, *, seconds: float = SECONDS, program: str = CHILD, timer: Timer = system_timer
    ) -> None:
        """`program` is the module that runs there."""
        self._seconds = seconds
        self._program = program
        self._timer = timer
        self._process: Process | None = None
        self._used = 0.0
        self._asked = 0  # of this process
        self._numbers = count(1)
        self._known: deque[tuple[EditionContent, int]] = deque(maxlen=CONTENTS)
        self._failures: deque[_Failure] = deque(maxlen=MOST)
        self._lock = threading.Lock()
        self._closed = False

    def proof(self, content: EditionContent) -> None:
        """Raise TemplateFailed if a text of the edition cannot be made, or takes too much."""
        self._do("proof", _place_of(content), content=content)

    def digest(
        self, content: EditionContent, subscriber: Subscriber, links: "LinksView"
    ) -> "Digest":
        """The digest of one subscriber. Raises TemplateFailed."""
        made = self._do("digest", _place_of(content), subscriber, links, content=content)
        return cast("Digest", made)

    def variant(
        self,
        content: EditionContent,
        subscriber: Subscriber,
        reading: "Reading",
        bases: "LinksView",
    ) -> "CompiledVariant":
        """The digest for all readers like this one. Raises TemplateFailed."""
        where = _place_of(content)
        made = self._do("variant", where, subscriber, reading, bases, content=content)
        return cast("CompiledVariant", made)

    def page(self, content: EditionContent, pictures_at: str) -> "WebPage":
        """The digest as its page says it. Raises TemplateFailed."""
        return cast("WebPage", self._do("page", _place_of(content), pictures_at, content=content))

    def headline(self, content: EditionContent) -> str:
        """What stands for it in lists. Raises TemplateFailed."""
        return cast("str", self._do("headline", _place_of(content), content=content))

    def snippets(
        self,
        content: EditionContent,
        plan: SocialPlan,
        *,
        provider: str = "",
        limits: TextLimits = ANYTHING,
    ) -> "list[Snippet]":
        """The snippets of one plan. Raises TemplateFailed."""
        made = self._do(
            "snippets",
            f"templates/{plan.template}",
            plan,
            content=content,
            provider=provider,
            limits=limits,
        )
        return cast("list[Snippet]", made)

    def reader_mail(self, content: ReaderMailContent) -> "Digest":
        """A mail to somebody about their own affairs. Raises TemplateFailed."""
        made = self._do("reader_mail", f"templates/{content.template}", content)
        return cast("Digest", made)

    def pick(
        self,
        segment: str,
        readers: Sequence[Subscriber],
        consents: Sequence[Consent] = (),
        *,
        seconds: float,
    ) -> list[bool]:
        """For each reader whether the segment picks them. Raises TemplateFailed."""
        where, limit = shown_segment(segment), min(seconds, self._seconds)
        found = self._do("pick", where, segment, readers, consents, seconds=limit)
        return cast("list[bool]", found)

    def check_segment(self, segment: str) -> None:
        """Raise TemplateFailed where a segment cannot be read."""
        self._do("check_segment", shown_segment(segment), segment)

    def check_template(
        self,
        name: str,
        sources: Mapping[str, str],
        *,
        needs_email: bool,
        needs_social: bool,
        each: Iterable[Each],
        may_be_empty: bool,
        pictures: Mapping[str, Picture],
        most_posts: int,
    ) -> list[str]:
        """What `check_template` says of a template, or that it takes too much to say."""
        try:
            problems = self._do(
                "check_template",
                f"templates/{name}",
                name,
                sources,
                needs_email=needs_email,
                needs_social=needs_social,
                each=tuple(each),
                may_be_empty=may_be_empty,
                pictures=pictures,
                most_posts=most_posts,
            )
            return cast("list[str]", problems)
        except _TooMuch as error:
            return [str(error)]

    def check_mail_template(
        self, name: str, sources: Mapping[str, str], *, pictures: Mapping[str, Picture]
    ) -> list[str]:
        """What `check_mail_template` says of a template, or that it takes too much to say."""
        try:
            problems = self._do(
                "check_mail_template", f"templates/{name}", name, sources, pictures=pictures
            )
            return cast("list[str]", problems)
        except _TooMuch as error:
            return [str(error)]

    def check_page(
        self, name: str, sources: Mapping[str, str], pictures: Mapping[str, Picture]
    ) -> list[str]:
        """What `check_page` says of a template, or that it takes too much to say."""
        try:
            found = self._do("check_page", f"templates/{name}", name, sources, pictures)
            return cast("list[str]", found)
        except _TooMuch as error:
            return [str(error)]

    def warm_up(self) -> None:
        """Start the process, without waiting for it: something is to be rendered soon."""
        if not self._closed and self._lock.acquire(blocking=False):
            try:
                if not self._is_alive():
                    self._start()
            finally:
                self._lock.release()

    def cut_off(self) -> None:
        """End what is under way, and refuse what is still asked. Waits for nothing."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the process, also in the midst of something."""
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

    def _do(
        self,
        task: str,
        where: str,
        *args: object,
        content: EditionContent | None = None,
        seconds: float | None = None,
        **more: object,
    ) -> object:
        """Have something done there. `where` is what went wrong if it goes over a limit."""
        what = (task, where if content is None else _at_any_time(content))
        now = self._timer()
        failed = [one for one in self._failures.copy() if now < one.until and one.what == what]
        if len(failed) >= TRIES.get(task, 1):
            raise TemplateFailed(failed[-1].sentence)
        request = Request(
            task, self._seconds if seconds is None else seconds, 0, content, args, more
        )
        try:
            with self._lock:
                answer = self._ask(request, where)
        except _TooMuch as error:
            self._failures.append(_Failure(what, str(error), now + REMEMBERED))
            raise
        # Bytes of our own process, which templates cannot reach out of: they run in a sandbox.
        result, refusal = cast("tuple[object, Exception | None]", pickle.loads(answer))  # noqa: S301
        if refusal is not None:
            raise refusal
        return result

    def _ask(self, request: Request, where: str) -> bytes:
        while True:
            process = self._ready(where)
            is_fresh, self._asked = self._asked == 0, self._asked + 1
            data = pickle.dumps(self._short(request))
            try:
                with process.limited(request.seconds) as too_late:
                    answer = process.ask(data)
            except (EOFError, OSError):
                self._let_go()
                if process.ran_out_of_memory and not (is_fresh or self._closed):
                    continue  # it may be what others have left there
                raise self._refusal(
                    process, where, request.seconds, too_late=too_late.is_set()
                ) from None
            self._used = self._timer()
            return answer

    def _short(self, request: Request) -> Request:
        """The request as the process understands it: without a content that it knows."""
        content = request.content
        if content is None:
            return request
        for known, number in self._known:
            if known is content:
                return replace(request, number=number, content=None)
        number = next(self._numbers)
        self._known.append((content, number))
        return replace(request, number=number)

    def _is_alive(self) -> bool:
        """Whether there is a process, which ends by itself if it is not used."""
        kept = self._process
        return kept is not None and not kept.has_died and self._timer() - self._used < KEPT

    def _ready(self, where: str) -> Process:
        if not self._is_alive():
            self._start()
        process = self._process
        if self._closed or process is None or not (self._asked or process.get_ready()):
            self._let_go()
            if self._closed:
                raise RenderingStopped(f"{where}: not rendered, dispatch stops - try again later")
            raise TemplateFailed(f"{where}: not rendered, no process starts - try again later")
        return process

    def _start(self) -> None:
        self._let_go()
        self._process = Process(self._program)
        self._used = self._timer()

    def _let_go(self) -> None:
        process, self._process = self._process, None
        self._asked = 0
        self._known.clear()
        if process is not None:
            process.end()

    def _refusal(
        self, process: Process, where: str, seconds: float, *, too_late: bool
    ) -> TemplateFailed:
        if self._closed:
            return RenderingStopped(f"{where}: not rendered, dispatch stops - try again later")
        if too_late:
            return _TooMuch(f"{where}: takes more than {seconds:.0f} seconds - let it do less")
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
    what: tuple[str, EditionContent | str]
    sentence: str
    until: float


def _at_any_time(content: EditionContent) -> EditionContent:
    """What would fail again, whichever moment it is made for."""
    return replace(content, slot=datetime.min)  # noqa: DTZ901 - a wall clock's


def _place_of(content: EditionContent) -> str:
    return ", ".join(f"templates/{name}" for name in content.templates)
