"""What is wrong with the template of mails about a reader's own affairs, found by trying it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from dispatch.errors import DispatchError, TemplateFailed
from dispatch.model.campaigns.campaign import Publisher
from dispatch.model.delivery.message import Address
from dispatch.model.editions.picture import Picture
from dispatch.model.people.reader_mail import ReaderMailContent, Topic
from dispatch.render.reader_mail import render_reader_mail
from dispatch.render.templates.context import IN_READER_MAIL, IN_READER_MAIL_SUBJECT
from dispatch.render.templates.environment import TemplateFiles
from dispatch.render.templates.files import MAIL_MJML, MAIL_TEXT, SUBJECT, WORDS, place
from dispatch.render.templates.words import read_words
from dispatch.render.texts import Digest
from dispatch.render.trials.check import half_tags, links_in, missing_pictures, missing_words

LINK = "https://news.example.org/confirm/trial?a=1&b=2"
_LETTERS = ((), ('The <Trial> & "Co"',), ("One letter", "Another, with a long name " * 4))
_UNTIL = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

WITHOUT_LINK = frozenset({Topic.MOVED})
"""What those get who only are to know: there is nothing for them to press."""


class CheckMailTemplate(Protocol):
    """`check_mail_template`, here or in a child process."""

    def __call__(
        self, name: str, sources: Mapping[str, str], *, pictures: Mapping[str, Picture]
    ) -> list[str]:
        """See there."""
        ...


def check_mail_template(
    name: str, sources: Mapping[str, str], *, pictures: Mapping[str, Picture]
) -> list[str]:
    """Every problem that a trial finds: each topic is tried in each of its languages."""
    files = TemplateFiles(name, sources)
    wanted = {
        SUBJECT: IN_READER_MAIL_SUBJECT,
        MAIL_MJML: IN_READER_MAIL,
        MAIL_TEXT: IN_READER_MAIL,
    }
    problems = [one for file, known in wanted.items() for one in files.problems(file, known)]
    problems += [one for file in wanted for one in half_tags(name, file, sources)]
    try:
        words = read_words(name, sources.get(WORDS))
    except TemplateFailed as error:
        return [*problems, str(error)]
    problems += missing_words(name, words)
    if problems:
        return list(dict.fromkeys(problems))
    content = ReaderMailContent(
        Topic.CONFIRM,
        name,
        sources,
        Publisher(
            Address("news@example.org", 'The "Trial" & Co'),
            "https://news.example.org",
            "Europe/Paris",
            "en",
        ),
        "reader+1@example.org",
        pictures=pictures,
    )
    for locale in words or ("en",):
        problems += _topics(replace(content, locale=locale))
    return list(dict.fromkeys(problems))


def _topics(content: ReaderMailContent) -> Iterator[str]:
    for topic in Topic:
        linked = topic not in WITHOUT_LINK
        for letters in _LETTERS if topic is Topic.CONFIRM else _LETTERS[:2]:
            tried = replace(
                content,
                topic=topic,
                letters=letters,
                link=LINK if linked else "",
                until=_UNTIL if topic in {Topic.CONFIRM, Topic.REMIND, Topic.NEW_ADDRESS} else None,
            )
            try:
                made = render_reader_mail(tried)
            except DispatchError as error:
                yield str(error)
                return
            yield from missing_pictures(
                content.template, content.sources, made.html, content.pictures
            )
            if linked:
                yield from _without_link(content.template, made)


def _without_link(name: str, made: Digest) -> Iterator[str]:
    """A mail in which nobody can do what it asks for."""
    if LINK not in links_in(made.html):
        yield f"{place(name, MAIL_MJML)}: nothing to press - link to {{{{ link }}}}"
    if LINK not in made.text:
        yield f"{place(name, MAIL_TEXT)}: nothing to press - print {{{{ link }}}}"
