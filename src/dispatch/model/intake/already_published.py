"""Which stories were told, under all their names."""

from collections.abc import Iterable


class AlreadyPublished:
    """The names of stories that were told, and the feeds whose posts told them.

    Only another feed's post is the same story here: within one feed it was decided on arrival what
    is one story.
    """

    def __init__(self) -> None:
        self._feeds: dict[str, set[str]] = {}

    def add(self, feed: str, names: Iterable[str]) -> None:
        """Note that a post of this feed told the story with these names."""
        for name in names:
            self._feeds.setdefault(name, set()).add(feed)

    def elsewhere(self, feed: str, names: Iterable[str]) -> str:
        """A feed, other than this one, whose post told a story with one of these names; or empty.

        >>> told = AlreadyPublished()
        >>> told.add("blog", {"//x.example/p"})
        >>> told.elsewhere("press", {"//x.example/p"}), told.elsewhere("blog", {"//x.example/p"})
        ('blog', '')
        """
        others = {other for name in names for other in self._feeds.get(name, ())} - {feed}
        return min(others, default="")
