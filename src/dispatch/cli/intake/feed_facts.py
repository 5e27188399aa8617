"""How a feed is, as rows of a table and as JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dispatch.model.intake.feed import Feed
    from dispatch.model.intake.post import Post
    from dispatch.model.intake.websub_subscription import WebsubSubscription
    from dispatch.store.intake.feeds import FeedMemory

LIST_COLUMNS = ("feed", "title", "posts", "newest_post", "last_success", "next_poll", "problem")


def facts(feed: "Feed", memory: "FeedMemory", *, posts: int, now: datetime) -> dict[str, Any]:
    """All that is known of a feed; `problem` is what is wrong now, or else what looks odd."""
    from dispatch.feeds.web.address import shown
    from dispatch.model.intake.polling_interval import every, silence

    silent = silence(now, habit=memory.habit, last_post=memory.last_post_at)
    return {
        "feed": memory.name,
        "title": feed.title or memory.title,
        "address": shown(memory.address),
        "moved_from": shown(memory.url) if memory.moved_to else "",
        "home_page": memory.link,
        "posts": posts,
        "newest_post": memory.last_post_at,
        "publishes": f"about {every(memory.habit.usual)}" if memory.habit else "",
        "last_poll": memory.polled_at,
        "last_success": memory.succeeded_at,
        "failures": memory.failures,
        "next_poll": memory.next_poll_at,
        "next_poll_why": memory.next_poll_why or _why_never_polled(memory),
        "backfill": str(feed.backfill),
        "silent": silent,
        "problem": memory.problem or silent,
    }


def websub_facts(
    memory: "FeedMemory",
    websub_subscriptions: "Sequence[WebsubSubscription]",
    *,
    public_url: str,
    now: datetime,
) -> dict[str, Any]:
    """What is known of a feed's hub, which may say by itself when there is something new."""
    websub = next(
        (one for one in websub_subscriptions if (one.hub, one.topic) == (memory.hub, memory.topic)),
        None,
    )
    if websub is not None:
        sentence = websub.sentence(now)
    elif not memory.hub:
        sentence = ""
    elif not memory.topic:
        sentence = "the feed names a hub, but not its own address there - nothing to do for you"
    elif not public_url:
        sentence = "the feed names a hub - with 'public_url' in schedules.yaml it could reach us"
    else:
        sentence = "the feed names a hub, which will be asked"
    return {
        "hub": memory.hub,
        "push": sentence,
        "last_push": websub.heard_at if websub else None,
        "push_ignored": websub.ignored_at if websub else None,
    }


def post_row(post: "Post") -> dict[str, Any]:
    """A post in the list of a feed's newest."""
    return {
        "id": post.id,
        "title": post.title,
        "link": post.link,
        "published": post.published,
        "first_seen": post.first_seen,
        "news": not post.backlog,
    }


POST_COLUMNS = ("id", "title", "published", "first_seen", "news")


def spoken(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Facts for a table of two columns, without those that there is nothing to say of."""
    return [
        {"fact": name.replace("_", " "), "value": value}
        for name, value in found.items()
        if value not in ("", None) and not (name == "silent" and value == found["problem"])
    ]


def _why_never_polled(memory: "FeedMemory") -> str:
    if memory.polled_at is not None:
        return ""
    return (
        f"never polled - 'dispatch feeds poll {memory.name} --dry-run' tells what the first poll "
        "would take"
    )
