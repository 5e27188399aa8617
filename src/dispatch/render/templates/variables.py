"""What the files of a template can say: every variable by its name, for docs and editors."""

import typing
from collections.abc import Iterator
from dataclasses import fields
from types import UnionType
from typing import Any

from dispatch.render.templates import context
from dispatch.render.templates import files as templates
from dispatch.render.templates.links import LinksView

COMMON_NAMES = {
    "edition": "what is going out; see below",
    "post": "the post this snippet is for, or nothing with `each: edition`; see below",
    "subscriber": "the person this digest is for; see below",
    "links": "addresses made for this reader; see below",
    "topic": "what a mail to a reader is about, in one word; `words[topic ~ '_head']` reads by it",
    "letters": "list of texts: what the reader calls the letters that such a mail is about",
    "email": "the address that it goes to",
    "link": "where the reader does what it is about, or empty",
    "until": "the moment until which that link holds, or nothing",
    "network": "the kind of network, such as `mastodon`: `{% if network == 'bluesky' %}`",
    "limits": "what the channel takes; see below. The filter `fit` keeps to it by itself",
    "brand": "how the publisher looks: logo, colours, address; see below",
    "sender": "who the digests are from: `sender.name` and `sender.email`",
    "words": "the words of `words.yaml` in the reader's language: `words.read_on`",
    "locale": "the language of this text, such as `fr`",
    "direction": "`ltr` or `rtl`: how that language is written",
    "timezone": "the time zone of the team, such as `Europe/Paris`",
    "subject": "what `subject.txt` gave",
    "preheader": "what `preheader.txt` gave, or empty",
}

TYPE_WORDS = {
    "bool": "yes or no",
    "str": "text",
    "int": "number",
    "Markup": "safe HTML",
    "datetime": "moment",
    "Image": "image: `url`, `alt`",
    "PictureView": "image: `url`, `alt`, `width`, `height`",
    "Fields": "the subscriber's own columns: `subscriber.fields.city`",
    "PostView": "`post`",
    "PieceView": "`piece`",
    "FeedView": "`feed`",
    "LogoView": "`logo`",
}

VIEWS: dict[str, type] = {
    "edition": context.EditionView,
    "post": context.PostView,
    "subscriber": context.SubscriberView,
    "links": LinksView,
    "brand": context.BrandView,
    "limits": context.LimitsView,
}
"""Names that have others below them."""


def known_in(file: str) -> frozenset[str]:
    """The names that a file of a template knows, by what it is called."""
    if file in {templates.SUBJECT, templates.PREHEADER}:
        return context.IN_SUBJECT
    if file in {templates.MAIL_MJML, templates.MAIL_TEXT}:
        return context.IN_READER_MAIL
    return context.IN_SNIPPET if file.startswith("snippet") else context.IN_DIGEST


def variables_in(file: str) -> Iterator[tuple[str, str]]:
    """All that can be printed there, such as `edition.title`, and what it is."""
    for name, meaning in COMMON_NAMES.items():
        if name not in known_in(file):
            continue
        if view := VIEWS.get(name):
            hints = typing.get_type_hints(view)
            yield from (
                (f"{name}.{one.name}", kind_in_words(hints[one.name])) for one in fields(view)
            )
        else:
            yield name, meaning


def kind_in_words(hint: Any) -> str:
    """A kind of value as people say it."""
    arguments = typing.get_args(hint)
    if type(None) in arguments:
        return f"{kind_in_words(arguments[0])}, or nothing"
    if typing.get_origin(hint) is UnionType:
        return " or ".join(map(kind_in_words, arguments))
    if typing.get_origin(hint) is tuple:
        return f"list of {kind_in_words(arguments[0])}".replace("of text", "of texts")
    return TYPE_WORDS[hint.__name__]
