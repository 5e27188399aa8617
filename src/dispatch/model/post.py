"""A post: our kept copy of an entry, and when a campaign may use it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.model.feed import Image


@dataclass(frozen=True, slots=True)
class Post:
    """Our kept copy of an entry; `content` is safe HTML, everything else plain text.

    `first_seen` is when we met it, which is what windows run on: a date in the feed
    can be wrong, or changed to push an old post up. `backlog` is true for what was
    already in the feed on first contact and was not asked for.
    """

    id: int
    feed: str
    guid: str
    link: str
    title: str
    summary: str
    content: str
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    image: Image | None
    language: str
    published: datetime | None
    updated: datetime | None
    first_seen: datetime
    backlog: bool = False
    revision: int = 1


@dataclass(frozen=True, slots=True)
class PostRule:
    """Which new posts make an edition."""

    at_least: int = 1
    at_most: int | None = None
    hold: timedelta = timedelta(0)
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether one post is in an edition, and why; `past` ones will never be."""

    post: Post
    included: bool
    reason: str
    past: bool = False


def why_never(post: Post, *, since: datetime) -> str | None:
    """Why a campaign will never use a post, as words for a person; None if it may some day.

    `since` is when the campaign began to follow the post's feed.
    """
    if post.backlog:
        return "was in the feed before the first poll"
    if post.first_seen < since:
        return f"was there before this campaign followed the feed ({since:%Y-%m-%d %H:%M} UTC)"
    return None


def why_not_now(post: Post, rule: PostRule, *, now: datetime) -> str | None:
    """Why a campaign may not use a post at `now`, as words for a person; None if it may."""
    if post.published is not None and post.published > now:
        return f"is dated in the future ({post.published:%Y-%m-%d %H:%M} UTC)"
    if post.first_seen + rule.hold > now:
        return f"is held until {post.first_seen + rule.hold:%Y-%m-%d %H:%M} UTC"
    if rule.topics and rule.topics.isdisjoint(topic.casefold() for topic in post.topics):
        return "has none of the campaign's topics"
    return None


def choose(
    posts: list[Post], rule: PostRule, *, now: datetime, since: dict[str, datetime]
) -> list[Choice]:
    """Decide for each post that was never used, newest first, whether it is in.

    Of the posts that may be used the newest `at_most` are taken; the rest wait their turn.
    """
    choices: list[Choice] = []
    taken = 0
    links: dict[str, str] = {}
    for post in sorted(posts, key=_newest_first):
        never = why_never(post, since=since[post.feed])
        reason = never or why_not_now(post, rule, now=now)
        if reason is None and post.link in links:
            reason = f"is the same story as in feed {links[post.link]}"
        if reason is None and rule.at_most is not None and taken >= rule.at_most:
            reason = f"waits for the next edition: {rule.at_most} at most"
        if reason is None:
            taken += 1
            links |= {post.link: post.feed} if post.link else {}
        choices.append(Choice(post, reason is None, reason or "new", never is not None))
    return choices


def _newest_first(post: Post) -> tuple[float, int]:
    moment = post.published or post.first_seen
    return (-moment.timestamp(), post.id)
