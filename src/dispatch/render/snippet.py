"""An edition, or each of its posts, as social text."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.campaign import Each, SocialPlan
from dispatch.model.editions.edition import EditionContent
from dispatch.model.text.entities import without_entities
from dispatch.model.text.limits import ANYTHING, TextLimits
from dispatch.model.text.links import whole_link
from dispatch.model.text.mentions import without_mentions
from dispatch.model.text.plain_text import quoted, unturned
from dispatch.model.text.threads import posts_in, without_breaks, without_breaks_in_html
from dispatch.render.digests.digest import tidy
from dispatch.render.templates import files as templates
from dispatch.render.templates.context import (
    IN_SNIPPET,
    EditionView,
    LimitsView,
    PostView,
    common,
    view_edition,
    view_pieces,
)
from dispatch.render.templates.environment import TemplateFiles
from dispatch.render.templates.files import place, snippet_file
from dispatch.render.templates.words import pick_locale, read_words
from dispatch.render.texts import Snippet


def render_snippets(
    content: EditionContent,
    plan: SocialPlan,
    *,
    provider: str = "",
    limits: TextLimits = ANYTHING,
) -> list[Snippet]:
    """The snippets of one plan, in the order of the posts.

    A post is told in its own language where the template has words for it, else in the
    publisher's. A text that somebody wrote stands for the template's. A line of '---' begins the
    next post of a thread, or a paragraph where the channel has no threads. What is too long is not
    cut, but says so. Raises TemplateFailed, and TextTooLong where not even a link fits.
    """
    sources = content.templates.get(plan.template, {})
    files = TemplateFiles(plan.template, sources)
    file = snippet_file(sources, plan.via, provider)
    template = files.compile(file, IN_SNIPPET)
    words = read_words(plan.template, sources.get(templates.WORDS))
    edition = _changed(view_edition(content, view_pieces(content, width=0)), _as_words)
    shown = _changed(edition, without_breaks, without_breaks_in_html)
    if limits.mentions_by_text and not plan.mentions:
        shown = _changed(shown, without_mentions, without_mentions)
    written = {one.part: one.text for one in content.snippets if one.channel == plan.via}

    def text(post: PostView | None, part: str = "") -> tuple[str, str]:
        own = post.language if post else ""
        locale = pick_locale((own, content.publisher.locale), words)
        if part in written:
            return tidy(written[part]).strip(), locale
        context: dict[str, Any] = {
            **common(shown, content, locale, words.get(locale, {})),
            "post": post,
            "limits": LimitsView(
                max_text=limits.max_text,
                link_cost=limits.link_cost,
                counting=limits.counting.value,
                max_bytes=limits.max_bytes,
                threads=limits.threads,
            ),
            "network": provider,
        }
        rendered = tidy(files.render(template, context)).strip()
        if not any(posts_in(rendered, threads=True)):
            said = f"gives nothing for {quoted(post.title)}" if post else "gives nothing"
            raise TemplateFailed(f"{place(plan.template, file)}: {said} - write some text")
        return rendered, locale

    if plan.each is Each.EDITION:
        return [_split(_of_edition(edition, *text(None)), limits)]
    views = zip(content.posts, edition.posts, shown.posts, strict=True)
    return [
        _split(_of_post(str(post.id), view, *text(told, str(post.id))), limits)
        for post, view, told in views
    ]


def _as_words(text: str) -> str:
    return unturned(without_entities(text))


Change = Callable[[str], str]


def _changed(edition: EditionView, change: Change, in_html: Change = str) -> EditionView:
    """The edition with all words that come from feeds changed; the team's own stay."""
    posts = {id(post): _changed_post(post, change, in_html) for post in edition.posts}
    feeds = (
        replace(feed, title=change(feed.title), posts=tuple(posts[id(post)] for post in feed.posts))
        for feed in edition.feeds
    )
    return replace(
        edition,
        posts=tuple(posts[id(one)] for one in edition.posts),
        feeds=tuple(feeds),
        parts=tuple(posts.get(id(one)) or one for one in edition.parts),
    )


def _changed_post(post: PostView, change: Change, in_html: Change) -> PostView:
    return replace(
        post,
        title=change(post.title),
        link=whole_link(post.link),
        summary=change(post.summary),
        content=Markup(in_html(post.content)),  # noqa: S704 - no markup is added
        authors=tuple(map(change, post.authors)),
        topics=tuple(map(change, post.topics)),
        image=post.image and replace(post.image, alt=change(post.image.alt)),
        feed=change(post.feed),
        credit=change(post.credit),
        rights=change(post.rights),
    )


def _split(snippet: Snippet, limits: TextLimits) -> Snippet:
    """As the posts of a thread, with what is too long of any of them."""
    first, *rest = posts = posts_in(snippet.text, threads=limits.threads)
    too_many = max(map(limits.too_many, posts))
    return replace(snippet, text=first, thread=tuple(rest), too_many=too_many)


def _of_post(part: str, post: PostView, text: str, locale: str) -> Snippet:
    return Snippet(
        part=part,
        text=text,
        link=post.link,
        title=post.title,
        image=post.image,
        language=post.language or locale,
        topics=post.topics,
    )


def _of_edition(edition: EditionView, text: str, locale: str) -> Snippet:
    """Its link and image are those of the first post that has one; without any, it has its page."""
    return Snippet(
        part="",
        text=text,
        link=next((post.link for post in edition.posts if post.link), edition.page),
        title=edition.title,
        image=next((post.image for post in edition.posts if post.image), None),
        language=locale,
        topics=tuple(dict.fromkeys(topic for post in edition.posts for topic in post.topics)),
    )
