# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of feeds."""

from typing import Literal, NotRequired, TypedDict


class FeedPatch(TypedDict):
    """What is to be another; what is left out, or null, stays."""

    url: NotRequired[str | None]
    """Its address, whole: where *** stands for a secret, it stays as it is."""
    title: NotRequired[str | None]
    """What readers call it; empty: what it calls itself."""
    fulltext: NotRequired[bool | None]
    """Whether the pages of new posts are read for their text."""
    page_images: NotRequired[bool | None]
    """Whether they are read for a picture."""


class FeedShape(TypedDict):
    """A feed in a list."""

    name: str
    """Its name in schedules.yaml."""
    title: str
    """What readers call it, or what it calls itself."""
    url: str
    """Its address in the file, with *** for what is secret of it."""
    moved_to: str
    """Where it has moved to for good; empty: it has not."""
    state: Literal["healthy", "failing", "silent", "gone", "new"]
    """How it is; new: it was never polled."""
    problem: str
    """Why the last poll brought no feed; empty where it did."""
    polled_at: str | None
    """When it was polled last."""
    next_poll_at: str | None
    """When it is polled next."""
    next_poll_why: str
    """Why it is polled then."""
    last_post_at: str | None
    """When its latest post was published."""
    usual_gap: int | None
    """Seconds between two posts, usually; null: not known yet."""
    fulltext: bool
    """Whether the pages of new posts are read for their text."""
    page_images: bool
    """Whether they are read for a picture."""
    campaigns: list[str]
    """The campaigns that use it."""


class FeedWhole(TypedDict):
    """A feed, and how many posts it has brought. The ETag is that of schedules.yaml."""

    name: str
    """Its name in schedules.yaml."""
    title: str
    """What readers call it, or what it calls itself."""
    url: str
    """Its address in the file, with *** for what is secret of it."""
    moved_to: str
    """Where it has moved to for good; empty: it has not."""
    state: Literal["healthy", "failing", "silent", "gone", "new"]
    """How it is; new: it was never polled."""
    problem: str
    """Why the last poll brought no feed; empty where it did."""
    polled_at: str | None
    """When it was polled last."""
    next_poll_at: str | None
    """When it is polled next."""
    next_poll_why: str
    """Why it is polled then."""
    last_post_at: str | None
    """When its latest post was published."""
    usual_gap: int | None
    """Seconds between two posts, usually; null: not known yet."""
    fulltext: bool
    """Whether the pages of new posts are read for their text."""
    page_images: bool
    """Whether they are read for a picture."""
    campaigns: list[str]
    """The campaigns that use it."""
    site: str
    """The address of its site, as it says."""
    backfill: str
    """What the first poll takes of what is there already."""
    posts: int
    """How many posts it has brought."""
    waiting: int
    """How many wait for an edition; 1,000 is as much as more."""
    held: int
    """How many wait for a person."""
    hub: str
    """The hub that tells of new posts; empty: it names none."""


class NewName(TypedDict):
    """A feed of a list that is added."""

    name: str
    """Its name in schedules.yaml."""
    url: str
    """Its address."""
    title: str
    """What the list calls it."""


class FeedsTaken(TypedDict):
    """What became of a list of feeds."""

    added: list[NewName]
    """Those that are added, or would be."""
    known: int
    """How many were there already, or twice in the list."""
    left_out: int
    """How many more there are than one call adds (1,500)."""
    problems: list[str]
    """What of the list is of no use, a sentence each."""
    written: bool
    """Whether schedules.yaml was written."""


class FindBody(TypedDict):
    """Where to look for feeds."""

    address: str
    """The address of a site, a page or a feed."""


class NewFeedBody(TypedDict):
    """A feed to add."""

    url: str
    """The address of the feed itself (see POST /feeds/find); http or https."""
    name: NotRequired[str]
    """Its name in schedules.yaml; empty: one is made from its title or address."""
    title: NotRequired[str]
    """What readers call it; empty: what it calls itself."""
    backfill: NotRequired[str | int]
    """What the first poll takes of what is there already: none, all, a number of posts, or
    'since 2026-11-01'.
    """


class Offer(TypedDict):
    """A feed that was found, fetched and read."""

    url: str
    """Its address."""
    title: str
    """What it calls itself."""
    kind: str
    """What it is."""
    entries: int
    """How many entries it has."""
    newest: str | None
    """The date of the newest of them."""
    comments: bool
    """Whether it has what readers say about the posts."""
    language: str
    """What it says of itself; or empty."""
    known_as: str | None
    """The name of the feed that it is already, if any."""
    name: str
    """The name that it would get."""


class Offers(TypedDict):
    """The feeds that a site offers."""

    found: list[Offer]
    """The likeliest first."""


class PollShape(TypedDict):
    """What one poll of a feed brought."""

    problem: str
    """Why it brought no feed; empty where it did."""
    unchanged: bool
    """Whether the feed is as it was."""
    new: int
    """New posts."""
    held: int
    """New ones that look like a post we have: a person decides."""
    backlog: int
    """New ones that were in the feed before the first poll."""
    revised: int
    """Posts that say something else by now."""
    notes: list[str]
    """Sentences on entries that are no posts of their own."""


class PollsDue(TypedDict):
    """How many feeds are polled at the next tick."""

    feeds: int
    """How many."""
