"""The feeds as a list that feed readers can import."""

from collections.abc import Iterable

from dispatch.config.intake.opml import Outline, write_opml
from dispatch.feeds.web.address import without_credentials
from dispatch.model.intake.feed import Feed
from dispatch.store.transactions import Store


def feeds_as_opml(feeds: Iterable[Feed], *, store: Store) -> str:
    """The text of an OPML file, without passwords; feeds in files of ours are nobody's."""
    listed = [one for one in feeds if one.url[:5] != "file:"]
    with store.read() as tx:
        memories = tx.feeds.memories(listed)
    outlines = [
        Outline(without_credentials(feed.url), feed.title or memory.title or feed.name, memory.link)
        for feed, memory in zip(listed, memories, strict=True)
    ]
    return write_opml(outlines, title="Feeds")
