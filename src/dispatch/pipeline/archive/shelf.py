"""What one process keeps of the archive, so that most readers wait for no database or template."""

from collections.abc import Hashable
from dataclasses import dataclass, replace

from dispatch.clock import Timer, system_timer
from dispatch.errors import NotFound, TemplateFailed
from dispatch.model.editions.amendment import amended
from dispatch.model.editions.edition import EditionContent
from dispatch.pipeline.archive.kept import Kept
from dispatch.pipeline.archive.told import Told, told
from dispatch.render.digests.web_page import WebPage
from dispatch.render.renderer import Renderer
from dispatch.store.editions.archive import PastEdition
from dispatch.store.transactions import Store

SECONDS = 3.0
"""How long a list of editions is believed: so late a new one is seen."""

FAILED_SECONDS = 60.0
"""How long a page that could not be rendered is not tried again."""

PAGES = 200
"""Rendered editions that are kept: some 50 kB each, and what is asked for is mostly the newest."""

TOLD = 2_000
"""Editions of which is kept what lists tell."""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """An edition as its page; `web` is None where its template cannot do without a reader."""

    told: Told
    web: WebPage | None


class Shelf:
    """For any number of threads; two that ask for the same have it made once.

    What it keeps it knows by the fingerprint of what was approved and by its corrections, so that
    it never has to be told that something has changed.
    """

    def __init__(self, *, store: Store, renderer: Renderer, timer: Timer = system_timer) -> None:
        self._store = store
        self._renderer = renderer
        self._timer = timer
        self._lists: dict[str, tuple[float, list[PastEdition]]] = {}
        self._pages: Kept[ReadPage] = Kept(PAGES)
        self._told: Kept[Told] = Kept(TOLD)
        self._failed: dict[Hashable, float] = {}

    def known(self, campaign: str) -> list[PastEdition] | None:
        """The list of a campaign's editions if it is fresh, else None. Waits for nothing."""
        at, found = self._lists.get(campaign, (0.0, None))
        return found if found is not None and self._timer() - at < SECONDS else None

    def editions(self, campaign: str) -> list[PastEdition]:
        """A campaign's editions that have gone out, oldest first."""
        found = self.known(campaign)
        if found is None:
            with self._store.read() as tx:
                found = tx.archive.of(campaign)
            self._lists[campaign] = (self._timer(), found)
        return found

    def edition(self, campaign: str, name: str) -> tuple[PastEdition, str, str]:
        """The one whose page is called like this, and the names of the previous and next page.

        Raises NotFound.
        """
        editions = self.editions(campaign)
        names = [one.name for one in editions]
        if name not in names:
            raise NotFound(f"archive {campaign}: has no {name} - see what it has")
        at = names.index(name)
        before = names[at - 1] if at else ""
        return editions[at], before, names[at + 1] if at + 1 < len(names) else ""

    def told(self, edition: PastEdition) -> Told:
        """What lists tell of an edition."""
        return self._told.get(_key(edition), lambda: self._tell(edition))

    def page(self, edition: PastEdition, pictures_at: str) -> ReadPage:
        """An edition as its page; its pictures are found at that address."""
        key = (*_key(edition), pictures_at)
        until = self._failed.get(key, 0.0)
        if self._timer() < until:
            return ReadPage(self.told(edition), None)
        self._failed.pop(key, None)
        try:
            return self._pages.get(key, lambda: self._render(edition, pictures_at))
        except TemplateFailed:
            self._failed[key] = self._timer() + FAILED_SECONDS
            return ReadPage(self.told(edition), None)

    def _render(self, edition: PastEdition, pictures_at: str) -> ReadPage:
        with self._store.read() as tx:
            content, amendments = tx.archive.content(edition)
        content = _as_page(amended(content, amendments))
        web = self._renderer.page(content, pictures_at)
        return ReadPage(told(content, web.subject, amendments), web)

    def _tell(self, edition: PastEdition) -> Told:
        with self._store.read() as tx:
            content, amendments = tx.archive.content(edition)
        content = _as_page(amended(content, amendments))
        try:
            subject = self._renderer.headline(content)
        except TemplateFailed:
            subject = content.subject or content.title
        return told(content, subject, amendments)


def _as_page(content: EditionContent) -> EditionContent:
    """Without a link to itself."""
    return replace(content, page="")


def _key(edition: PastEdition) -> tuple[Hashable, ...]:
    return (edition.id, edition.fingerprint, edition.amendments)
