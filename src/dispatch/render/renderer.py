"""What the service asks of whoever renders.

Templates and segments are programs that somebody wrote: they may never end, or take all memory. So
nothing but a renderer runs them, and the service's own runs them in a process that can be ended
(`render/subprocesses/`).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.model.editions.edition import EditionContent
from dispatch.model.people.reader_mail import ReaderMailContent
from dispatch.model.people.subscriber import Consent, Subscriber
from dispatch.model.text.limits import ANYTHING, TextLimits

if TYPE_CHECKING:
    from dispatch.render.digests.variant import CompiledVariant, Reading
    from dispatch.render.digests.web_page import WebPage
    from dispatch.render.templates.links import LinksView
    from dispatch.render.texts import Digest, Snippet


class Renderer(Protocol):
    """Makes texts of editions; for any number of threads. All of it raises TemplateFailed."""

    def digest(
        self, content: EditionContent, subscriber: Subscriber, links: "LinksView"
    ) -> "Digest":
        """The digest of one subscriber, in their language."""
        ...

    def variant(
        self,
        content: EditionContent,
        subscriber: Subscriber,
        reading: "Reading",
        bases: "LinksView",
    ) -> "CompiledVariant":
        """The digest for all readers like this one; `bases` are its links without their tokens."""
        ...

    def page(self, content: EditionContent, pictures_at: str) -> "WebPage":
        """The digest for nobody in particular, as a page; its pictures are found at that address.

        `content` says no page of its own: a page has no link to itself.
        """
        ...

    def headline(self, content: EditionContent) -> str:
        """Subject and preheader for nobody in particular."""
        ...

    def snippets(
        self,
        content: EditionContent,
        plan: SocialPlan,
        *,
        provider: str = "",
        limits: TextLimits = ANYTHING,
    ) -> "list[Snippet]":
        """The snippets of one plan, in the order of the posts; what is too long says so."""
        ...

    def reader_mail(self, content: ReaderMailContent) -> "Digest":
        """A mail to somebody about their own affairs, in their language."""
        ...

    def pick(
        self,
        segment: str,
        readers: Sequence[Subscriber],
        consents: Sequence[Consent] = (),
        *,
        seconds: float,
    ) -> list[bool]:
        """For each reader whether the segment picks them; all of it may take so many seconds.

        `consents` are theirs, in the same order, where the segment asks for that.
        """
        ...
