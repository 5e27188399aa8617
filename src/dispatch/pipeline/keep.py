"""Entry to Post: what is new, what was edited, what we have already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.model.feed import Backfill, Entry
from dispatch.model.post import Post
from dispatch.store.store import Transaction


@dataclass(frozen=True, slots=True)
class Kept:
    """How the entries of one document came out; `backlog` are new ones nobody asked for."""

    new: int = 0
    backlog: int = 0
    revised: int = 0
    known: int = 0


def keep_entries(
    feed: str,
    entries: Sequence[Entry],
    *,
    backfill: Backfill | None,
    tx: Transaction,
    now: datetime,
) -> Kept:
    """Keep what is new, revise what was edited; the same entries a second time change nothing.

    An entry is one we have if its identity (guid, else link, else title) or its link is known.
    `backfill` is given on first contact only: what it does not ask for is kept as backlog, so
    that it is known and never taken for news.
    """
    identities = [identity(entry) for entry in entries]
    known = tx.posts.known(feed, identities, [entry.link for entry in entries])
    by_identity = {identity(post): post for post in known}
    links = {post.link for post in known if post.link}
    wanted = _wanted(entries, backfill, now=now)
    new = backlog = revised = 0
    for entry, name in zip(entries, identities, strict=True):
        post = by_identity.get(name)
        if post is not None:
            if _differs(post, entry):
                revised += tx.posts.revise(post, entry, now=now)
            continue
        if entry.link and entry.link in links:
            continue  # the same story under a second guid
        asked_for = id(entry) in wanted
        if tx.posts.add(feed, entry, name, first_seen=now, backlog=not asked_for):
            new += asked_for
            backlog += not asked_for
        links.add(entry.link)
    return Kept(new, backlog, revised, len(entries) - new - backlog - revised)


def identity(thing: Entry | Post) -> str:
    """What makes an entry the same one in the next poll.

    >>> identity(Entry(guid="", link="https://example.org/p", title="Hello", position=0))
    'https://example.org/p'
    """
    return thing.guid or thing.link or thing.title


def _wanted(entries: Sequence[Entry], backfill: Backfill | None, *, now: datetime) -> set[int]:
    # A post dated in the future is news, however long it has been in the feed.
    coming = {id(entry) for entry in entries if entry.published and entry.published > now}
    here = [entry for entry in entries if id(entry) not in coming]
    if backfill is None:
        return coming | set(map(id, here))
    if backfill.since is not None:
        since = backfill.since
        here = [entry for entry in here if entry.published and entry.published >= since]
    here.sort(key=_newest_first)
    return coming | set(map(id, here[: backfill.newest]))


def _newest_first(entry: Entry) -> tuple[bool, float, int]:
    moment = entry.published.timestamp() if entry.published else 0.0
    return (entry.published is None, -moment, entry.position)


def _differs(post: Post, entry: Entry) -> bool:
    now = (entry.title, entry.summary, entry.content, entry.image)
    return now != (post.title, post.summary, post.content, post.image)
