"""What stands on a network by our doing: by which names, where, and what became of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from dispatch.model.intake.canonical import canonical

if TYPE_CHECKING:
    from dispatch.model.intake.post import Post


class PublishedState(StrEnum):
    """What became of a post on a network, as stored."""

    RESERVED = "reserved"  # handed over or about to be, and not known to be there
    PUBLISHED = "published"
    EDITED = "edited"
    DELETED = "deleted"
    FAILED = "failed"  # known not to be there


STANDS = frozenset({PublishedState.RESERVED, PublishedState.PUBLISHED, PublishedState.EDITED})
"""Is there, or may be: the same is not told to that account once more."""

MOVES: Mapping[PublishedState, frozenset[PublishedState]] = {
    # What is there is not handed over again; what is not may be, as a person has decided.
    PublishedState.RESERVED: frozenset(
        {PublishedState.RESERVED, PublishedState.DELETED, PublishedState.FAILED}
    ),
    # An answer may come when nobody waits for it any more, or be written down twice.
    PublishedState.PUBLISHED: frozenset(
        {PublishedState.RESERVED, PublishedState.FAILED, PublishedState.PUBLISHED}
    ),
    PublishedState.EDITED: frozenset({PublishedState.PUBLISHED, PublishedState.EDITED}),
    # Also from reserved: what was deleted, and could not be posted again.
    PublishedState.DELETED: STANDS,
    PublishedState.FAILED: frozenset({PublishedState.RESERVED, PublishedState.FAILED}),
}
"""Each state with those that a post may come from; a row in any other stays as it is."""


@dataclass(frozen=True, slots=True)
class Published:
    """A post on a network, for whoever edits or deletes it.

    `ids` are the service's names for it and for those that follow it in a thread. `address` is
    where people see it, or empty. `text` is what it said when it was handed over or last edited.
    """

    ids: tuple[str, ...]
    address: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """The same with what it was for. `told` names what it tells: a post, or an edition.

    `account` marks the account: the same for two channels that lead to the same one. `parts` is
    how many posts it is, in a thread; none where a person has decided that it may be told again,
    and it has not been tried since.
    """

    delivery_id: int
    edition_number: int
    channel: str
    account: str
    told: str
    state: PublishedState
    post: Published
    at: datetime
    parts: int = 1
    changed: datetime | None = None
    looked: datetime | None = None
    looks: int = 0


def told_by(post: "Post | None", edition_id: str) -> str:
    """What a snippet tells: a post by the page that it leads to, or all of an edition.

    The same for a post that two campaigns use, that came by two feeds, or of which a new database
    has made another row. One without a page of its own goes by its name in its feed.
    """
    if post is None:
        return f"edition:{edition_id}"
    page = "" if post.link_shared else canonical(post.link)
    return f"post:{page or _named(post.feed, post.guid)}"


def _named(feed: str, guid: str) -> str:
    return hashlib.sha256(f"{feed} {guid}".encode()).hexdigest()
