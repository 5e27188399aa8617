"""Rendering in this very process: for the one that has limits, and for tests."""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.model.editions.edition import EditionContent
from dispatch.model.people.subscriber import Consent, Subscriber
from dispatch.model.text.limits import ANYTHING, TextLimits

if TYPE_CHECKING:
    from dispatch.model.people.reader_mail import ReaderMailContent
    from dispatch.render.digests.digest import DigestRenderer
    from dispatch.render.digests.variant import CompiledVariant, Reading
    from dispatch.render.digests.web_page import WebPage
    from dispatch.render.templates.links import LinksView
    from dispatch.render.templates.segment import Picks
    from dispatch.render.texts import Digest, Snippet

KEPT = 8
"""Editions whose templates stay compiled, and segments."""


class LocalRenderer:
    """A `Renderer` without limits of its own but those of the sandbox."""

    def __init__(self) -> None:
        # By identity: to compare contents costs as much as to render them.
        self._renderers: list[tuple[EditionContent, DigestRenderer]] = []
        self._segments: dict[str, Picks] = {}
        self._lock = threading.RLock()

    def digest(
        self, content: EditionContent, subscriber: Subscriber, links: "LinksView"
    ) -> "Digest":
        """The digest of one subscriber. Raises TemplateFailed."""
        with self._lock:
            return self._renderer(content).render(
                subscriber,
                unsubscribe_url=links.unsubscribe,
                preferences_url=links.preferences,
                cadence_url=links.cadence,
            )

    def variant(
        self,
        content: EditionContent,
        subscriber: Subscriber,
        reading: "Reading",
        bases: "LinksView",
    ) -> "CompiledVariant":
        """The digest for all readers like this one. Raises TemplateFailed."""
        from dispatch.render.digests.compile_variant import compile_variant

        with self._lock:
            return compile_variant(self._renderer(content), subscriber, reading, bases=bases)

    def page(self, content: EditionContent, pictures_at: str) -> "WebPage":
        """The digest as its page says it. Raises TemplateFailed."""
        from dispatch.render.digests.web_page import web_page

        with self._lock:
            return web_page(self._renderer(content), content, pictures_at)

    def headline(self, content: EditionContent) -> str:
        """What stands for it in lists. Raises TemplateFailed."""
        from dispatch.render.digests.neutral import headline

        with self._lock:
            return headline(self._renderer(content), content)

    def snippets(
        self,
        content: EditionContent,
        plan: SocialPlan,
        *,
        provider: str = "",
        limits: TextLimits = ANYTHING,
    ) -> "list[Snippet]":
        """The snippets of one plan. Raises TemplateFailed."""
        from dispatch.render.snippet import render_snippets

        return render_snippets(content, plan, provider=provider, limits=limits)

    def reader_mail(self, content: "ReaderMailContent") -> "Digest":
        """A mail to somebody about their own affairs. Raises TemplateFailed."""
        from dispatch.render.reader_mail import render_reader_mail

        with self._lock:
            return render_reader_mail(content)

    def pick(
        self,
        segment: str,
        readers: Sequence[Subscriber],
        consents: Sequence[Consent] = (),
        *,
        seconds: float,  # noqa: ARG002 - whoever started this process minds the time
    ) -> list[bool]:
        """For each reader whether the segment picks them. Raises TemplateFailed."""
        from dispatch.render.templates.segment import compile_segment

        belongs = self._segments.get(segment)
        if belongs is None:
            if len(self._segments) >= KEPT:
                self._segments.clear()
            belongs = self._segments[segment] = compile_segment(segment)
        if not consents:
            return [belongs(reader) for reader in readers]
        return [belongs(*both) for both in zip(readers, consents, strict=True)]

    def _renderer(self, content: EditionContent) -> "DigestRenderer":
        from dispatch.render.digests.digest import DigestRenderer

        for kept, renderer in self._renderers:
            if kept is content:
                return renderer
        renderer = DigestRenderer(content)
        self._renderers = [(content, renderer), *self._renderers[: KEPT - 1]]
        return renderer


HERE = LocalRenderer()
"""For callers that mind no limits."""
