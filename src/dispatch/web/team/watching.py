"""Who watches an edition go out: one reading a second for all of them, in this process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool

from dispatch.errors import StoreUnavailable
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery.watch import Progress
from dispatch.web.events import SILENCE, event
from dispatch.web.limits import WATCHERS
from dispatch.web.team.progress import blocks, note
from dispatch.web.team.speeds import Speeds
from dispatch.web.team.times import Times
from dispatch.words.catalogues import Words

EVERY_SECONDS = 1.0
"""How often is looked, however many watch."""

SILENT_LOOKS = 15
"""After so many looks without news one is told something all the same: else nobody would know that
a browser has gone, and what stands between might take the connection for a dead one."""

ASKED_EVERY = 60
"""Looks after which it is asked again whether somebody may still see this."""

Read = Callable[[], Progress]
"""Looks at one edition."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody who watches, and saw the page when the edition was in this `state`.

    `may_still` says whether they are signed in as before; `stopping`, whether the service ends.
    """

    state: str
    words: Words
    zone: ZoneInfo
    may_still: Callable[[], bool]
    stopping: Callable[[], bool]


class Watching:
    """All who watch, by edition. Lives in the event loop of the pages."""

    def __init__(self, *, every_seconds: float = EVERY_SECONDS) -> None:
        self.speeds = Speeds()
        self.watchers = 0
        self._every = every_seconds
        self._readers: dict[str, _Reader] = {}

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another one."""
        return self.watchers >= WATCHERS

    async def events(
        self, edition_id: str, watcher: Watcher, *, read: Read
    ) -> AsyncIterator[bytes]:
        """What somebody is told: blocks that changed, and `end` once the page is another one."""
        reader = self._readers.get(edition_id)
        if reader is None:
            reader = self._readers[edition_id] = _Reader(edition_id, read, self.speeds, self._every)
        self.watchers += 1
        reader.watchers += 1
        reader.begin()
        try:
            async for one in _told(reader, watcher):
                yield one
        finally:
            self.watchers -= 1
            reader.watchers -= 1
            if not reader.watchers:
                self._readers.pop(edition_id, None)
                reader.end()


class _Reader:
    """Looks at one edition, again and again, for all who watch it."""

    def __init__(self, edition_id: str, read: Read, speeds: Speeds, every: float) -> None:
        self.edition_id = edition_id
        self.watchers = 0
        self.latest: Progress | None = None
        self._read = read
        self._speeds = speeds
        self._every = every
        self._news = asyncio.Event()
        self._made: dict[tuple[str, str], asyncio.Future[dict[str, str]]] = {}
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Look from now on."""
        if self._task is None:
            self._task = asyncio.create_task(self._look_again_and_again())

    def end(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def look(self) -> Progress | None:
        """The next look; None where the database did not answer."""
        await self._news.wait()
        return self.latest

    async def blocks(self, progress: Progress, words: Words, zone: ZoneInfo) -> dict[str, str]:
        """The blocks of a look in one language: made once, whoever asks first."""
        at = words.locale, zone.key
        if at not in self._made:
            times = Times(words, zone, progress.now)
            making = run_in_threadpool(blocks, self.edition_id, progress, self._speeds, times)
            self._made[at] = asyncio.ensure_future(making)
        return await asyncio.shield(self._made[at])

    async def _look_again_and_again(self) -> None:
        timer = asyncio.get_running_loop().time
        while True:
            began = timer()
            try:
                self.latest = await run_in_threadpool(self._read)
            except StoreUnavailable:
                self.latest = None
            else:
                note(self._speeds, self.edition_id, self.latest)
            self._made = {}
            news, self._news = self._news, asyncio.Event()
            news.set()
            await asyncio.sleep(max(0.0, self._every - (timer() - began)))


async def _told(reader: _Reader, watcher: Watcher) -> AsyncIterator[bytes]:
    told: dict[str, str] = {}
    silent = looks = 0
    yield b"retry: 2000\n\n"
    while not watcher.stopping():
        progress = await reader.look()
        looks += 1
        if looks % ASKED_EVERY == 0 and not await run_in_threadpool(watcher.may_still):
            yield event("end", "")  # the page loads again, and says why
            return
        news = []
        if progress is not None:
            made = await reader.blocks(progress, watcher.words, watcher.zone)
            news = [event(name, html) for name, html in made.items() if told.get(name) != html]
            told = made
        if news:
            yield b"".join(news)
        silent = 0 if news else silent + 1
        if silent >= SILENT_LOOKS:
            silent = 0
            yield SILENCE
        if progress is not None and progress.course.state != watcher.state:
            yield event("end", "")
            return


def is_watched(state: EditionState) -> bool:
    """Whether an edition's page is one that goes on by itself: what is approved begins any time."""
    return state in {EditionState.APPROVED, EditionState.SENDING, EditionState.PAUSED}
