"""Titles for what has none: made of its text, of what its picture shows, or of its address."""

from dispatch.model.intake.post import Post
from dispatch.model.text.boilerplate import without_boilerplate
from dispatch.model.text.cutting import ELLIPSIS
from dispatch.model.text.plain_text import shorten, single_spaced, text_of_html

LONGEST_MADE = 80
_LEAST = 20  # characters before a '…'; fewer may begin a text by chance
_NEAR = 2_000  # of a text: more is not needed for its beginning


def beginning_of(summary: str, content: str) -> str:
    """The author's words at the beginning, of the summary or else of the HTML, on one line."""
    return without_boilerplate(single_spaced(summary) or text_of_html(content[:_NEAR]))


def make_title(text: str, *, picture: str, link: str, guid: str) -> str:
    """A title for an entry without one: the beginning of its text, else what its picture shows.

    Where it has neither, it is called by its address.
    """
    return shorten(text or picture or link.partition("//")[2] or guid, LONGEST_MADE)


def is_untitled(post: Post, text: str) -> bool:
    """Whether the title only says what the post itself says, made by us or by its feed.

    `text` is its summary or the text of its content, on one line.
    Such a title and the text are never told one after the other. It is seen from the two alone, so
    that it holds for all posts that are kept, and no longer where somebody gives a post a title.
    """
    if not text:
        picture = post.image.alt if post.image else ""
        return post.title == make_title("", picture=picture, link=post.link, guid=post.guid)
    if post.title in (text, shorten(text, LONGEST_MADE)):
        return True
    if text.startswith(post.title):  # and goes on: by chance, or with what a program has added
        return post.title == shorten(without_boilerplate(text), LONGEST_MADE)
    start = post.title.removesuffix("...").removesuffix(ELLIPSIS)
    return start != post.title and len(start) >= _LEAST and text.startswith(start)
