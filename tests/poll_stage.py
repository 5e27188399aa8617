"""Feeds that answer as a test says."""

from dispatch.model.intake.feed import EVERYTHING, Feed

BLOG = Feed("blog", "https://blog.example/feed.xml", EVERYTHING)
OTHER = Feed("other", "https://other.example/feed.xml", EVERYTHING)


def rss(*titles):
    items = "".join(
        f"<item><title>{title}</title><link>https://blog.example/{title}</link></item>"
        for title in titles
    )
    return f'<rss version="2.0"><channel><title>The Blog</title>{items}</channel></rss>'


def memory(store, feed=BLOG):
    with store.read() as tx:
        return tx.feeds.memory(feed.name, feed.url)
