"""What templates can do with a value besides Jinja2's own filters."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from dispatch.errors import TemplateFailed
from dispatch.model.text.boilerplate import without_boilerplate
from dispatch.model.text.counting import Counting
from dispatch.model.text.hashtags import hashtags
from dispatch.model.text.limits import TextLimits
from dispatch.model.text.plain_text import text_of_html
from dispatch.model.text.teaser import teaser
from dispatch.render.fit import MOST_POSTS, fit, thread
from dispatch.render.templates.html_teaser import html_teaser
from dispatch.render.templates.words import babel_locale


@pass_context
def date_filter(context: Context, value: date | None, style: str = "long") -> str:
    """A day in the reader's language: `{{ post.published | date }}` or `| date("EEEE d MMMM")`.

    `style` is full, long, medium, short or a pattern of Unicode date fields. A moment is shown
    as the day it was in the edition's timezone; nothing where there is no date.
    """
    if not value:
        return ""
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(ZoneInfo(context["timezone"]))
    day = value.date() if isinstance(value, datetime) else value
    return _day(day, style, context["locale"])


def teaser_filter(value: str, words: int | None = None, sentences: int | None = None) -> str:
    """The first words or sentences of a text or of HTML, as text on one line.

    `{{ post.summary | teaser(25) }}` or `{{ post.content | teaser(sentences=2) }}`. With both, no
    more than either; with neither, 40 words. Of HTML what programs add, such as "[…]" or
    "appeared first on", is left out.
    """
    text = value
    if isinstance(value, Markup):
        text = without_boilerplate(text_of_html(str(value)))
    return teaser(text, words=_most(words, sentences), sentences=sentences)


def teaser_html_filter(
    value: str, words: int | None = None, sentences: int | None = None
) -> Markup:
    """The same as HTML with its links and emphasis: `{{ post.content | teaser_html(60) }}`.

    For `digest.mjml` only; pictures, lists and paragraphs do not stay.
    """
    return html_teaser(escape(value), words=_most(words, sentences), sentences=sentences)


def fallback_filter(value: str, words: str) -> str:
    """Other words where a value is empty: `{{ subscriber.name | fallback("friend") }}`."""
    return value or words


@pass_context
def fit_filter(
    context: Context, value: str, tail: str = "", *, tags: str = "", lines: bool = False
) -> str:
    """The text, shortened until it and the link fit the channel: `| fit(post.link)`.

    It ends with a sentence where not too much is lost by that, else with a word. What is in the
    brackets stays whole: a link, or also a credit, such as `| fit(post.credit ~ " " ~ post.link)`.
    Hashtags stand before it while they leave half of the room:
    `| fit(post.link, tags=post.topics | hashtags(3))`. With `lines=true` the lines of the text
    stay, and the link follows after an empty one: `{% filter fit(post.link, lines=true) %}`. All
    counts as the channel counts it, in bytes, too, where it has such a limit.
    """
    return fit(value, tail.strip(), _limits(context, "fit"), tags=tags, lines=lines)


@pass_context
def thread_filter(
    context: Context, value: str, link: str = "", *, first: bool = False, most: int = MOST_POSTS
) -> str:
    """The whole text as a thread of numbered posts: `{{ post.summary | thread(post.link) }}`.

    The link is in the last post, with `first=true` in the first. Posts end with a sentence where
    they can. A text that one post holds has no number. Where a network has no threads, it is one
    post, as `fit` makes it. Of more than 25 posts, or than `most`, the last is cut.
    """
    limits = _limits(context, "thread")
    return thread(value, link, limits, link_first=first, most=max(1, min(most, MOST_POSTS)))


def hashtags_filter(value: Iterable[str], most: int = 5) -> str:
    """Topics as hashtags: `{{ post.topics | hashtags(3) }}`, at most 5 by default.

    Accents stay, "machine learning" becomes `#MachineLearning`, so that screen readers read words,
    and each is told once. What no network takes for a hashtag, such as `2026`, is left out.
    """
    topics = [value] if isinstance(value, str) else value
    return " ".join(hashtags(topics, most))


FILTERS: Mapping[str, Callable[..., Any]] = {
    "date": date_filter,
    "fallback": fallback_filter,
    "fit": fit_filter,
    "hashtags": hashtags_filter,
    "teaser": teaser_filter,
    "teaser_html": teaser_html_filter,
    "thread": thread_filter,
}


def _limits(context: Context, name: str) -> TextLimits:
    """Those of the channel, as the template sees them."""
    limits = context.get("limits")
    if limits is None:
        raise TemplateFailed(f"'{name}' is for snippets only - in a digest use 'teaser'")
    return TextLimits(
        max_text=limits.max_text,
        link_cost=limits.link_cost,
        counting=Counting(limits.counting),
        max_bytes=limits.max_bytes,
        threads=limits.threads,
    )


def _most(words: int | None, sentences: int | None) -> int | None:
    return 40 if words is None and sentences is None else words


@lru_cache(maxsize=4096)
def _day(day: date, style: str, locale: str) -> str:
    from babel.dates import format_date  # noqa: PLC0415 - slow to import

    return format_date(day, style, locale=babel_locale(locale))
