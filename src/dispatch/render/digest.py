"""An edition as email: one digest for one subscriber."""

import re
from dataclasses import dataclass
from typing import Any

from dispatch.errors import TemplateFailed
from dispatch.model.edition import EditionContent
from dispatch.model.subscriber import Subscriber
from dispatch.model.text import one_line, printable, shorten
from dispatch.render import templates
from dispatch.render.context import (
    IN_DIGEST,
    IN_SUBJECT,
    Links,
    common,
    view_edition,
    view_subscriber,
)
from dispatch.render.environment import TemplateFiles
from dispatch.render.mjml import html_of_mjml
from dispatch.render.templates import place
from dispatch.render.words import pick_locale, read_words

MOST_SUBJECT = 150
"""In code points; mail programs show 30 to 80 of them."""

MOST_PREHEADER = 200

_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Digest:
    """What one subscriber gets; `subject` and `preheader` are one line, `text` is plain text."""

    subject: str
    preheader: str
    html: str
    text: str


class DigestRenderer:
    """Renders one edition for any number of subscribers; its template is compiled once.

    Raises TemplateFailed when it is made, if the template cannot be used at all.
    """

    def __init__(self, content: EditionContent) -> None:
        if content.email is None:
            raise TemplateFailed(f"campaign {content.campaign}: no email - add 'email:' to it")
        name = content.email.template
        self._content = content
        self._files = TemplateFiles(name, content.templates.get(name, {}))
        sources = self._files.sources
        self._words = read_words(name, sources.get(templates.WORDS))
        self._subject = self._files.compile(templates.SUBJECT, IN_SUBJECT)
        self._preheader = (
            self._files.compile(templates.PREHEADER, IN_SUBJECT)
            if templates.PREHEADER in sources
            else None
        )
        self._mjml = self._files.compile(templates.DIGEST_MJML, IN_DIGEST)
        self._text = self._files.compile(templates.DIGEST_TEXT, IN_DIGEST)
        self._edition = view_edition(content)
        self._common: dict[str, dict[str, Any]] = {}

    def render(self, subscriber: Subscriber, *, unsubscribe_url: str) -> Digest:
        """The digest of one subscriber, in their language. Raises TemplateFailed."""
        context = {
            **self._for_locale(subscriber.locale),
            "subscriber": view_subscriber(subscriber),
            "links": Links(unsubscribe_url),
        }
        subject = shorten(one_line(self._files.render(self._subject, context)), MOST_SUBJECT)
        if not subject:
            where = place(self._files.name, templates.SUBJECT)
            raise TemplateFailed(f"{where}: gives nothing - a digest needs a subject")
        preheader = ""
        if self._preheader is not None:
            preheader = one_line(self._files.render(self._preheader, context))
            preheader = shorten(preheader, MOST_PREHEADER)
        context |= {"subject": subject, "preheader": preheader}
        html = html_of_mjml(
            self._files.render(self._mjml, context),
            template=self._files.name,
            sources=self._files.sources,
        )
        return Digest(subject, preheader, html, tidy(self._files.render(self._text, context)))

    def _for_locale(self, wanted: str) -> dict[str, Any]:
        if wanted not in self._common:
            locale = pick_locale((wanted, self._content.publisher.locale), self._words)
            words = self._words.get(locale, {})
            self._common[wanted] = common(self._edition, self._content, locale, words)
        return self._common[wanted]


def tidy(text: str) -> str:
    r"""Plain text without trailing spaces, with at most one blank line in a row.

    >>> tidy("\n\na \n\n\n\nb")
    'a\n\nb\n'
    """
    lines = "\n".join(line.rstrip() for line in printable(text).splitlines())
    return _BLANK_LINES.sub("\n\n", lines).strip("\n") + "\n"
