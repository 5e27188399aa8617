"""A post's own page -> the card that it has for those who link to it, as a feed with one entry."""

from dispatch.feeds.pages.head import LONGEST_PAGE, decode, read_head
from dispatch.feeds.web.address import absolute
from dispatch.model.intake.feed import Entry, FeedDocument, Image


def read_page_card(body: bytes, url: str, content_type: str = "") -> FeedDocument:
    """What the page calls itself as `title`, says of itself as `summary`, and its `image`.

    Each is empty where the page has none (https://ogp.me).
    """
    head = read_head(decode(body[:LONGEST_PAGE], content_type), url=url)
    entry = Entry(
        guid="",
        link=url,
        title=head.title,
        position=0,
        summary=head.description,
        image=next((Image(one, head.alt) for one in head.images), None),
    )
    return FeedDocument(title="", link=absolute(url, ""), entries=(entry,))
