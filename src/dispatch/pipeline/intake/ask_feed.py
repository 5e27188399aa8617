"""One feed asked what it has: the part of a poll that waits for others and touches no database."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import httpx

from dispatch.clock import Clock
from dispatch.errors import FeedError, FeedUnreadable
from dispatch.feeds.subprocesses.parser import Parse
from dispatch.feeds.web.fetch import Fetched, NotModified, fetch
from dispatch.feeds.web.limits import Limits
from dispatch.model.intake.feed import FeedDocument
from dispatch.store.intake.feeds import FeedMemory


@dataclass(frozen=True, slots=True)
class Unread:
    """The feed could not be read; `bug` is what was raised if that is no fault of the feed's."""

    error: FeedError
    bug: Exception | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """The feed's answer. Without a `document` it brings what the last one brought.

    `over_limit` is a sentence about the page of a post that could not be read within the limits.
    """

    answer: Fetched | NotModified
    body_hash: str
    document: FeedDocument | None = None
    over_limit: str = ""


def ask_feed(
    memory: FeedMemory,
    *,
    http: httpx.Client,
    folder: Path,
    clock: Clock,
    limits: Limits,
    parse: Parse,
) -> Read | Unread:
    """Fetch a feed and parse it, unless it is what the poll that left `memory` has read already.

    Several threads may do so at once.
    """
    try:
        answer = fetch(
            memory.address,
            http=http,
            folder=folder,
            etag=memory.etag,
            last_modified=memory.last_modified,
            clock=clock,
            limits=limits,
        )
        if isinstance(answer, NotModified):
            return Read(answer, memory.body_hash)
        body_hash = _hash(answer)
        if body_hash == memory.body_hash:
            return Read(answer, body_hash)
        return Read(answer, body_hash, _parsed(answer, parse))
    except FeedError as error:
        return Unread(error)
    except Exception as bug:  # noqa: BLE001 - feeds in the wild find every one; others must not wait
        return unread(memory.name, bug)


def unread(feed: str, bug: Exception) -> Unread:
    """What to say of a feed that brought out a mistake of ours."""
    sentence = f"{feed}: {type(bug).__name__} while reading it - report it, with the feed"
    return Unread(FeedUnreadable(sentence), bug)


def _parsed(answer: Fetched, parse: Parse) -> FeedDocument:
    return parse(answer.body, url=answer.url, content_type=answer.content_type)


def _hash(answer: Fetched) -> str:
    # With the header: the same bytes in another encoding are another text.
    return sha256(answer.content_type.encode() + b"\n" + answer.body).hexdigest()
