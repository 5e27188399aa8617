"""Which stories are published already, under all their names."""

from collections.abc import Iterable


class AlreadyPublished:
    """The names of stories that are published, and the feeds whose posts they came in.

    Only another feed's post is the same story here: within one feed it was decided on arrival what
    is one story.
    """

    def __init__(self) -> None:
        self._feeds: dict[str, set[str]] = {}

    def add(self, feed: str, names: Iterable[str]) -> None:
        """Note that the story with these names is published, by a post of this feed."""
        for name in names:
            self._feeds.setdefault(name, set()).add(feed)

    def elsewhere(self, feed: str, names: Iterable[str]) -> str:
        """Another feed by which a story with one of these names is published; or empty.

        >>> published = AlreadyPublished()
        >>> published.add("blog", {"//x.example/p"})
        >>> [published.elsewhere(feed, {"//x.example/p"}) for feed in ("press", "blog")]
        ['blog', '']
        """
        others = {other for name in names for other in self._feeds.get(name, ())} - {feed}
        return min(others, default="")
