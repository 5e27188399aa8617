"""A mail to somebody about their own affairs, from the template that a workspace has for those."""

from typing import Any

from dispatch.errors import TemplateFailed
from dispatch.model.delivery.message import Address
from dispatch.model.people.reader_mail import ReaderMailContent
from dispatch.model.text.plain_text import one_line, shorten
from dispatch.render.digests.digest import tidy
from dispatch.render.digests.mjml import html_of_mjml
from dispatch.render.digests.pictures import with_pictures
from dispatch.render.templates.context import IN_READER_MAIL, IN_READER_MAIL_SUBJECT, view_brand
from dispatch.render.templates.environment import TemplateFiles
from dispatch.render.templates.files import MAIL_MJML, MAIL_TEXT, SUBJECT, WORDS, place
from dispatch.render.templates.words import NamedTexts, direction, pick_locale, read_words
from dispatch.render.texts import MOST_SUBJECT, Digest


def render_reader_mail(content: ReaderMailContent) -> Digest:
    """The mail in the reader's language, else in the publisher's. Raises TemplateFailed."""
    name, sources = content.template, content.sources
    files = TemplateFiles(name, sources)
    context = _context(content)
    subject = files.render(files.compile(SUBJECT, IN_READER_MAIL_SUBJECT), context)
    subject = shorten(one_line(subject), MOST_SUBJECT)
    if not subject:
        raise TemplateFailed(f"{place(name, SUBJECT)}: gives nothing - a mail needs a subject")
    context["subject"] = subject
    mjml = files.render(files.compile(MAIL_MJML, IN_READER_MAIL), context)
    text = tidy(files.render(files.compile(MAIL_TEXT, IN_READER_MAIL), context))
    html = html_of_mjml(mjml, template=name, sources=sources, file=MAIL_MJML)
    return Digest(subject, "", with_pictures(html, content.pictures), text)


def _context(content: ReaderMailContent) -> dict[str, Any]:
    publisher = content.publisher
    words = read_words(content.template, content.sources.get(WORDS))
    locale = pick_locale((content.locale, publisher.locale), words)
    return {
        "brand": view_brand(publisher, content.pictures),
        "sender": Address(one_line(publisher.sender.email), one_line(publisher.sender.name)),
        "words": NamedTexts(words.get(locale, {})),
        "locale": locale,
        "direction": direction(locale),
        "timezone": publisher.timezone,
        "topic": content.topic.name_in_templates,
        "letters": tuple(map(one_line, content.letters)),
        "email": one_line(content.email),
        "link": content.link,
        "until": content.until,
    }
