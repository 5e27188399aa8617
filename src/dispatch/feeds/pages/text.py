"""A post's own page -> its text and its picture, in the shape of a feed with that one entry."""

import re

from dispatch.feeds.clean.html import clean
from dispatch.feeds.pages import main_text as fulltext
from dispatch.feeds.pages.head import LONGEST_PAGE, decode, read_head
from dispatch.feeds.web.address import absolute
from dispatch.model.intake.feed import Entry, FeedDocument, Image
from dispatch.model.text.plain_text import one_line, text_of_html

_FIRST_HEADING = re.compile(r"\s*<h([1-3])(?: [^<>]*)?>(.{0,1000}?)</h\1>", re.DOTALL)


def read_page_text(body: bytes, *, url: str, content_type: str = "") -> FeedDocument:
    """The page's main text as `content`, as clean as a feed's, and the picture that stands for it.

    Each is empty where the page has none, the text also without the extra `fulltext`. The picture
    is what the page names for those who link to it (`og:image`, `twitter:image`).
    """
    html = decode(body[:LONGEST_PAGE], content_type)
    head = read_head(html, url=url)
    found = fulltext.main_text(html, url=url) if fulltext.is_available() else ""
    entry = Entry(
        guid="",
        link=url,
        title="",
        position=0,
        content=clean(found, base=url) if found else "",
        image=next(map(Image, head.images), None),
    )
    return FeedDocument(title="", link=absolute(url, ""), entries=(entry,))


def without_title(content: str, title: str) -> str:
    """Cleaned HTML without a heading at its start that repeats the post's title.

    >>> without_title("<h1>Hello</h1> <p>World</p>", "Hello")
    '<p>World</p>'
    """
    found = _FIRST_HEADING.match(content)
    if found and one_line(text_of_html(found[2])).casefold() == one_line(title).casefold():
        return content[found.end() :].lstrip()
    return content
