"""An edition as email: one digest for one subscriber."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from dispatch.errors import TemplateFailed
from dispatch.model.editions.edition import EditionContent
from dispatch.model.people.subscriber import Subscriber
from dispatch.model.text.plain_text import one_line, printable, shorten
from dispatch.render.digests.mjml import html_of_mjml
from dispatch.render.digests.pictures import with_pictures
from dispatch.render.templates import files as templates
from dispatch.render.templates.context import (
    IN_DIGEST,
    IN_SUBJECT,
    EditionView,
    common,
    parts_of,
    view_edition,
    view_pieces,
    view_subscriber,
)
from dispatch.render.templates.environment import TemplateFiles
from dispatch.render.templates.files import place
from dispatch.render.templates.links import LinksView
from dispatch.render.templates.symbolic_values import SymbolicValues
from dispatch.render.templates.words import Languages
from dispatch.render.texts import MOST_MADE_SUBJECT, MOST_PREHEADER, MOST_SUBJECT, Digest

_BLANK_LINES = re.compile(r"\n{3,}")


TextLine = TypeVar("TextLine")


@dataclass(frozen=True, slots=True)
class RenderedParts(Generic[TextLine]):
    """What the template's files give before MJML becomes HTML."""

    subject: TextLine
    preheader: TextLine | str
    mjml: str
    text: str


class HasName(Protocol):
    """A subscriber, or a symbolic one."""

    @property
    def name(self) -> object:
        """A text, or a symbolic one."""


class DigestRenderer:
    """Renders one edition for any number of subscribers; its template is compiled once.

    Raises TemplateFailed when it is made, if the template cannot be used at all.
    """

    def __init__(self, content: EditionContent) -> None:
        if content.email is None:
            raise TemplateFailed(f"campaign {content.campaign}: no email - add 'email:' to it")
        name = content.email.template
        self._content = content
        self.symbolic_values = SymbolicValues(content)
        self._files = TemplateFiles(name, content.templates.get(name, {}), self.symbolic_values)
        sources = self._files.sources
        self._languages = Languages(content)
        self._subject = self._files.compile(templates.SUBJECT, IN_SUBJECT)
        self._preheader = (
            self._files.compile(templates.PREHEADER, IN_SUBJECT)
            if templates.PREHEADER in sources
            else None
        )
        self._mjml = self._files.compile(templates.DIGEST_MJML, IN_DIGEST)
        self._text = self._files.compile(templates.DIGEST_TEXT, IN_DIGEST)
        self._pieces = view_pieces(content)
        self._edition = view_edition(content, self._pieces)
        self._common: dict[str, dict[str, Any]] = {}

    def render(
        self,
        subscriber: Subscriber,
        *,
        unsubscribe_url: str,
        preferences_url: str = "",
        cadence_url: str = "",
    ) -> Digest:
        """The digest of one subscriber, in their language. Raises TemplateFailed."""
        draft = self.draft(
            self.locale(subscriber.locale),
            view_subscriber(subscriber),
            LinksView(unsubscribe_url, preferences_url, cadence_url),
            lambda line, most: shorten(one_line(line), most),
        )
        return Digest(draft.subject, draft.preheader, self.html(draft.mjml), tidy(draft.text))

    def draft(
        self,
        locale: str,
        subscriber: HasName,
        links: LinksView,
        fit: Callable[[str, int], TextLine],
    ) -> RenderedParts[TextLine]:
        """The texts in one of the template's languages, for a subscriber or a symbolic one.

        `fit` makes one line of a text, in at most so many code points. A subject or preheader
        that somebody wrote stands for the template's. Raises TemplateFailed.
        """
        own = self._content
        links = replace(links, browser=own.page_url, archive=own.archive_url)  # the same for all
        context = {**self._for_locale(locale), "subscriber": subscriber, "links": links}
        if self._pieces.say_names:
            context["edition"] = self._edition_of(subscriber.name)
        if own.subject:
            subject = fit(own.subject, MOST_SUBJECT)
        else:
            subject = fit(self._files.render(self._subject, context), MOST_MADE_SUBJECT)
        if not subject:
            where = place(self._files.name, templates.SUBJECT)
            raise TemplateFailed(f"{where}: gives nothing - a digest needs a subject")
        preheader: TextLine | str = ""
        if own.preheader:
            preheader = fit(own.preheader, MOST_PREHEADER)
        elif self._preheader is not None:
            preheader = fit(self._files.render(self._preheader, context), MOST_PREHEADER)
        context |= {"subject": subject, "preheader": preheader}
        mjml = self._files.render(self._mjml, context)
        return RenderedParts(subject, preheader, mjml, self._files.render(self._text, context))

    def html(self, mjml: str) -> str:
        """The HTML for what `digest.mjml` gave. Raises TemplateFailed."""
        html = html_of_mjml(mjml, template=self._files.name, sources=self._files.sources)
        return with_pictures(html, self._content.pictures)

    def locale(self, wanted: str) -> str:
        """The language that a subscriber with this locale gets."""
        return self._languages.pick(wanted)

    def _edition_of(self, name: object) -> EditionView:
        """The edition whose pieces say this name."""
        parts = parts_of(self._content, self._edition.posts, self._pieces.of(name))
        return replace(self._edition, parts=parts)

    def _for_locale(self, locale: str) -> dict[str, Any]:
        if locale not in self._common:
            words = self._languages.words.get(locale, {})
            self._common[locale] = common(self._edition, self._content, locale, words)
        return self._common[locale]


def tidy(text: str) -> str:
    r"""Plain text without trailing spaces, with at most one blank line in a row.

    >>> tidy("\n\na \n\n\n\nb")
    'a\n\nb\n'
    """
    lines = "\n".join(line.rstrip() for line in printable(text).splitlines())
    return _BLANK_LINES.sub("\n\n", lines).strip("\n") + "\n"
