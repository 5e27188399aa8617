"""An edition, or each of its posts, as social text."""

from dataclasses import replace
from functools import partial
from typing import Any

from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.campaign import Each, SocialPlan
from dispatch.model.editions.edition import EditionContent
from dispatch.model.text.counting import Counting
from dispatch.render.digests.digest import tidy
from dispatch.render.fit import within
from dispatch.render.templates import files as templates
from dispatch.render.templates.context import (
    IN_SNIPPET,
    EditionView,
    LimitsView,
    PostView,
    common,
    view_edition,
)
from dispatch.render.templates.environment import TemplateFiles
from dispatch.render.templates.files import place, snippet_file
from dispatch.render.templates.words import pick_locale, read_words
from dispatch.render.texts import Snippet


def render_snippets(
    content: EditionContent,
    plan: SocialPlan,
    *,
    provider: str,
    max_text: int | None,
    link_cost: int | None,
    counting: Counting = Counting.CODE_POINTS,
) -> list[Snippet]:
    """The snippets of one plan, in the order of the posts; `counting` is what the limits count.

    A post is told in its own language where the template has words for it, else in the
    publisher's. A text that somebody wrote stands for the template's. What is too long for the
    channel is cut. Raises TemplateFailed, and TextTooLong where not even a link fits.
    """
    sources = content.templates.get(plan.template, {})
    files = TemplateFiles(plan.template, sources)
    file = snippet_file(sources, provider)
    template = files.compile(file, IN_SNIPPET)
    words = read_words(plan.template, sources.get(templates.WORDS))
    edition = view_edition(content)
    written = {one.part: one.text for one in content.snippets if one.channel == plan.via}

    def text(post: PostView | None, part: str = "") -> tuple[str, str]:
        own = post.language if post else ""
        locale = pick_locale((own, content.publisher.locale), words)
        if part in written:
            return tidy(written[part]).strip(), locale
        context: dict[str, Any] = {
            **common(edition, content, locale, words.get(locale, {})),
            "post": post,
            "limits": LimitsView(max_text, link_cost, counting.value),
        }
        rendered = tidy(files.render(template, context)).strip()
        if not rendered:
            raise TemplateFailed(f"{place(plan.template, file)}: gives nothing - write some text")
        return rendered, locale

    if plan.each is Each.EDITION:
        made = [_of_edition(edition, *text(None))]
    else:
        pairs = zip(content.posts, edition.posts, strict=True)
        parts = ((str(post.id), view) for post, view in pairs)
        made = [_of_post(part, view, *text(view, part)) for part, view in parts]
    cut = partial(within, max_text=max_text, link_cost=link_cost, counting=counting)
    texts = [cut(one.text, one.link) for one in made]
    return [
        replace(one, text=text, is_cut=text != one.text)
        for one, text in zip(made, texts, strict=True)
    ]


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
    """Its link and image are those of the first post that has one."""
    return Snippet(
        part="",
        text=text,
        link=next((post.link for post in edition.posts if post.link), ""),
        title=edition.title,
        image=next((post.image for post in edition.posts if post.image), None),
        language=locale,
        topics=tuple(dict.fromkeys(topic for post in edition.posts for topic in post.topics)),
    )
