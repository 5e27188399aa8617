"""Programs elsewhere are told of posts: those that have arrived, those that wait for a person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from dispatch.model.intake.post import Post
from dispatch.model.notify.types import Type
from dispatch.store.intake.posts import Newcomer
from dispatch.store.transactions import Transaction


def tell_of_new(
    feed: str,
    fresh: Sequence[Newcomer],
    held: Sequence[Newcomer],
    reasons: Mapping[str, str],
    *,
    tx: Transaction,
    now: datetime,
) -> None:
    """Tell of what a poll has kept: `reasons` says of the held ones, by identity, why they are."""
    for type_, newcomers in ((Type.POST_ARRIVED, fresh), (Type.POST_HELD, held)):
        if newcomers and tx.notifications.wanting(type_):
            numbers = tx.posts.numbers(feed, [one.identity for one in newcomers], first_seen=now)
            told = _told(feed, newcomers, numbers, reasons)
            tx.notifications.add_many(type_, told, now=now)


def tell_of_posts(posts: Iterable[Post], *, tx: Transaction, now: datetime) -> None:
    """Tell of posts that somebody has released: for those who are told, they have arrived."""
    told = [(str(one.id), _data(one.id, one.feed, one.title, one.link)) for one in posts]
    tx.notifications.add_many(Type.POST_ARRIVED, told, now=now)


def _told(
    feed: str,
    newcomers: Sequence[Newcomer],
    numbers: Mapping[str, int],
    reasons: Mapping[str, str],
) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in newcomers:
        number = numbers.get(one.identity)
        if number is None:
            continue  # another poll was quicker, and has told of it
        data = _data(number, feed, one.entry.title, one.entry.link)
        if one.identity in reasons:
            data["reason"] = reasons[one.identity]
        yield str(number), data


def _data(number: int, feed: str, title: str, link: str) -> dict[str, Any]:
    return {"id": str(number), "feed": feed, "title": title, "link": link}
