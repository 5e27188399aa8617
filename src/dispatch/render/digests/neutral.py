"""The reader of a page on the web: nobody in particular, in the publisher's language."""

import re
from dataclasses import fields

from dispatch.model.editions.edition import EditionContent
from dispatch.model.text.plain_text import one_line, shorten
from dispatch.render.digests.digest import DigestRenderer, RenderedParts
from dispatch.render.templates.context import Fields, SubscriberView
from dispatch.render.templates.links import LinksView
from dispatch.words.catalogues import words_in

NO_LINK = "https://links.invalid/of-a-reader"
"""Where the links of a reader lead who is nobody; what leads there is taken out."""

OF_A_READER = re.compile(
    r"(?:https?)?(?::|%3A)?(?:/|%2F)*links\.invalid(?:/|%2F)of-a-reader", re.IGNORECASE
)
"""The same, whatever a template has made of it, such as a part of another address."""


class Unsaid(str):
    """An empty value for whoever asks, and neutral words where it is printed all the same.

    So `{% if subscriber.name %}` takes its other branch, and "Dear {{ subscriber.name }}" is whole.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


def headline(renderer: DigestRenderer, content: EditionContent) -> str:
    """Its subject as everybody may read it. Raises TemplateFailed."""
    return neutral_draft(renderer, content).subject


def neutral_draft(renderer: DigestRenderer, content: EditionContent) -> RenderedParts[str]:
    """The texts for the neutral reader, without a link of anybody. Raises TemplateFailed."""
    links = LinksView(**{one.name: Unsaid(NO_LINK) for one in fields(LinksView)})
    locale = renderer.locale(content.publisher.locale)
    return renderer.draft(
        locale, neutral_reader(content), links, lambda line, most: shorten(one_line(line), most)
    )


def neutral_reader(content: EditionContent) -> SubscriberView:
    """Somebody without a name, topics or fields; of a family, with the edition's cadence."""
    locale = content.publisher.locale
    words = words_in(locale)
    offer = content.email.offer if content.email else None
    return SubscriberView(
        name=Unsaid(words("archive.reader")),
        email=Unsaid(words("archive.address")),
        locale=locale,
        topics=(),
        cadence=offer.cadence.value if offer else "",
        fields=Fields({}),
    )
