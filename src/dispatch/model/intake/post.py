"""A post: our kept copy of an entry, and when a campaign may use it."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.model.intake.already_published import AlreadyPublished
from dispatch.model.intake.canonical import canonical
from dispatch.model.intake.feed import Image

_GLOBAL_GUID = re.compile(r"https?://[^/]+/.|tag:|urn:", re.IGNORECASE)


class Decision(StrEnum):
    """What a person said about a post that is held."""

    RELEASED = "released"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a post was set aside for a person to look at, and what they decided, if they did.

    `reason` says what it looks like. Until it is decided about the post is in no edition.
    """

    reason: str
    since: datetime
    decision: Decision | None = None
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """Our kept copy of an entry; `content` is safe HTML, everything else plain text.

    `link` is the feed's own, for readers; posts are compared by what `canonical` makes of it,
    unless the feed gives one link to several stories (`link_shared`).

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
    comments_link: str = ""
    licence_link: str = ""
    rights: str = ""
    link_shared: bool = False
    hold: Hold | None = None
    full_text: str = ""  # what its own page says; safe HTML too
    page_image: str = ""

    @property
    def whole(self) -> "Post":
        """The post as readers get it: with what its page says, where the feed says less."""
        return replace(
            self,
            content=max(self.content, self.full_text, key=len),
            image=self.image or (Image(self.page_image) if self.page_image else None),
            full_text="",
            page_image="",
        )

    @property
    def awaits_decision(self) -> bool:
        """Whether it is held, and a person has to say what becomes of it."""
        return self.hold is not None and self.hold.decision is None

    @property
    def is_usable(self) -> bool:
        """Whether nobody has to decide about it, and nobody has dropped it."""
        return self.hold is None or self.hold.decision is Decision.RELEASED


MAY_HAVE_GONE_OUT = "may have gone out before the database was put back from a copy"
"""Why a post is held that such a database does not know to have been used."""


class WhenEmpty(StrEnum):
    """What becomes of a run without any new post."""

    SKIP = "skip"
    SEND = "send"


@dataclass(frozen=True, slots=True)
class PostRule:
    """Which new posts make an edition; with `at_least` 0 there is one without any, too."""

    at_least: int = 1
    at_most: int | None = None
    hold: timedelta = timedelta(0)
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether one post is in an edition, and why; `past` ones will never be.

    `fresh` says of those that no run before could tell so.
    """

    post: Post
    included: bool
    reason: str
    past: bool = False
    fresh: bool = False


def why_never(post: Post, *, since: datetime) -> str | None:
    """Why a campaign will never use a post, as words for a person; None if it may some day.

    `since` is when the campaign began to follow the post's feed: what we met then or later is
    news, what we met before is not, whatever the feed's own dates say. There is no end to it: a
    post stays news until an edition of the campaign has its story, so that one that was held
    for weeks is used when it is released.
    """
    if post.hold is not None and post.hold.decision is Decision.DROPPED:
        return f"was dropped by {post.hold.by}"
    if post.backlog:
        return "was in the feed before the first poll"
    if post.first_seen < since:
        return f"was there before this campaign followed the feed ({since:%Y-%m-%d %H:%M} UTC)"
    return None


def why_not_now(post: Post, rule: PostRule, *, now: datetime) -> str | None:
    """Why a campaign may not use a post at `now`, as words for a person; None if it may."""
    if post.hold is not None and post.awaits_decision:
        return f"is held: it {post.hold.reason}"
    if post.published is not None and post.published > now:
        return f"is dated in the future ({post.published:%Y-%m-%d %H:%M} UTC)"
    if post.first_seen + rule.hold > now:
        return f"waits until {post.first_seen + rule.hold:%Y-%m-%d %H:%M} UTC"
    if not _has_topic(post, rule):
        return "has none of the campaign's topics"
    return None


def choose(
    posts: list[Post],
    rule: PostRule,
    *,
    now: datetime,
    since: Mapping[str, datetime],
    first: Collection[int] = (),
) -> list[Choice]:
    """Decide for each post that was never used, newest first, whether it is in.

    Of the posts that may be used the newest `at_most` are taken, before all others those whose ids
    are in `first`; the rest wait their turn. A story that several feeds have is told once.
    """
    turn = sorted(posts, key=lambda post: (post.id not in first, *newest_first(post)))
    choices = choose_in_turn(turn, rule, now=now, since=since)
    return sorted(choices, key=lambda choice: newest_first(choice.post))


def choose_in_turn(
    posts: Iterable[Post],
    rule: PostRule,
    *,
    now: datetime,
    since: Mapping[str, datetime],
    names_of: Callable[[Post], frozenset[str]] | None = None,
) -> Iterator[Choice]:
    """As `choose`, one by one, in the order of the posts. `names_of` is `story_names`."""
    names_of = names_of or story_names
    taken = 0
    published = AlreadyPublished()
    for post in posts:
        never = why_never(post, since=since[post.feed])
        reason = never or why_not_now(post, rule, now=now)
        names = names_of(post) if reason is None else frozenset()
        if reason is None and (other := published.elsewhere(post.feed, names)):
            reason = f"is the same story as in feed {other}"
        if reason is None and rule.at_most is not None and taken >= rule.at_most:
            reason = no_room(rule)
        if reason is None:
            taken += 1
            published.add(post.feed, names)
        yield Choice(post, reason is None, reason or "new", never is not None)


NO_POST = "there is no new post"


def no_room(rule: PostRule) -> str:
    """Why a post waits that might be used."""
    return f"waits for the next edition: {rule.at_most} at most"


def too_few(found: int, rule: PostRule, *, held: int) -> str:
    """Why so many posts make no edition while `held` wait for a decision; empty if they do.

    >>> too_few(1, PostRule(at_least=2), held=0)
    'there is 1 new post, at least 2 are needed'
    """
    if found >= rule.at_least:
        return ""
    asked = f"; {held} held - see 'dispatch posts held'" if held else ""
    if not found:
        return f"{NO_POST}{asked}"
    posts = "is 1 new post" if found == 1 else f"are {found} new posts"
    return f"there {posts}, at least {rule.at_least} are needed{asked}"


def published_before(feed: str) -> str:
    """Why a post is never used whose story is published already, by a post of another feed."""
    return f"is a story that was told before, from feed {feed}"


def story_names(post: Post) -> frozenset[str]:
    """What is equal for the same story in two feeds, if any of it is.

    Its link; its guid, where that is one that the whole web tells apart; its title together with
    all that it says, if that is long enough. Not the title alone: two towns have a "Summer fair".
    A person who has released a post has said that its text does not tell.
    """
    # Only who takes in posts compares them: what makes mails of them starts without.
    from dispatch.model.intake.similarity import text_key, title_key  # noqa: PLC0415

    return names_of_story(
        guid=post.guid,
        link="" if post.link_shared else canonical(post.link),
        title=title_key(post.title),
        text="" if post.hold is not None else text_key(post.content or post.summary),
    )


def names_of_story(*, guid: str, link: str, title: str, text: str) -> frozenset[str]:
    """The same, of what is stored of a post: guid and keys, empty where they do not tell."""
    names = {link}
    if _GLOBAL_GUID.match(guid):
        names |= {guid, canonical(guid)}
    if text:
        names.add(f"{title} {text}")
    return frozenset(names - {""})


def same_stories(posts: Iterable[Post]) -> dict[int, int]:
    """Post id to a number that is equal for posts of several feeds that tell the same story."""
    stories: dict[int, int] = {}
    by_name: dict[str, list[Post]] = {}
    for post in sorted(posts, key=lambda post: post.id):
        names = story_names(post)
        other = next(
            (
                one
                for name in sorted(names)
                for one in by_name.get(name, ())
                if one.feed != post.feed
            ),
            post,
        )
        stories[post.id] = stories.get(other.id, post.id)
        for name in names:
            by_name.setdefault(name, []).append(post)
    return stories


def newest_first(post: Post) -> tuple[float, int]:
    """What posts are sorted by before some of them are chosen."""
    moment = post.published or post.first_seen
    return (-moment.timestamp(), post.id)


def _has_topic(post: Post, rule: PostRule) -> bool:
    if not rule.topics:
        return True
    return not rule.topics.isdisjoint(topic.casefold() for topic in post.topics)
