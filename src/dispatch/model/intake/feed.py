"""A feed we poll, and an entry as the feed gave it."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Backfill:
    """What the first poll of a feed takes of what is already there.

    At most one of the limits is set; none of them set means everything.
    """

    newest: int | None = None
    since: datetime | None = None

    def __str__(self) -> str:
        if self.newest == 0:
            return "none"
        if self.newest is not None:
            return f"the newest {self.newest}"
        return f"since {self.since:%Y-%m-%d}" if self.since else "all"


NOTHING = Backfill(newest=0)
EVERYTHING = Backfill()


@dataclass(frozen=True, slots=True)
class Feed:
    """An address we poll: `http(s)://`, or `file:` and a path relative to the workspace."""

    name: str
    url: str
    backfill: Backfill = NOTHING
    title: str | None = None  # how readers see it; None: what the feed calls itself
    fulltext: bool = False  # whether the pages of new posts are read for their text
    page_images: bool = False  # and for a picture, where the feed has none
    eager: bool = False  # whether a campaign runs on its new posts


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that belongs to an entry; `alt` is what a reader without pictures gets."""

    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as the feed gave it, cleaned: a value, never stored as such.

    `content` is safe HTML with absolute links; `title`, `summary` and the names are plain text.
    A missing `guid` or `link` is the empty string, and at least one of them or `title` is there.
    `position` counts from 0 in the feed's own order, newest first by custom. `rights` is what the
    feed says about them in words; `licence_link` leads to a licence, `comments_link` to the talk.
    `full_text` and `page_image` are what the entry's own page says, safe and absolute too, if it
    was visited. An entry without a page that comes with a file links to that (`link_is_file`).
    """

    guid: str
    link: str
    title: str
    position: int
    summary: str = ""
    content: str = ""
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    image: Image | None = None
    language: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    comments_link: str = ""
    licence_link: str = ""
    rights: str = ""
    full_text: str = ""
    page_image: str = ""
    link_is_file: bool = False


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """What one fetched document says: the feed's own title, home page, and its entries in order.

    `skipped` has one sentence for each entry that could not be used. `every` is how long the feed
    itself says that asking again has no purpose. `hub` is where it takes subscriptions (WebSub),
    under the name `self_url`; both are empty where it names none.
    """

    title: str
    link: str
    entries: tuple[Entry, ...]
    language: str = ""
    skipped: tuple[str, ...] = ()
    every: timedelta | None = None
    hub: str = ""
    self_url: str = ""
