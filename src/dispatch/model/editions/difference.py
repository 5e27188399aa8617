"""What an edit of an edition has changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatch.model.editions.edition import EditionContent

TEXTS = ("subject", "preheader", "intro")
SNIPPET = "snippet"


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text before and after; empty is what the template says.

    `name` is one of `TEXTS`, or `snippet`: then `channel` says where, and `part` for which post.
    """

    name: str
    before: str
    after: str
    channel: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """All of it. Posts are ids; `titles` has theirs. `order` is the new one, where it is another.

    `lead` is the post that is first now and was not, or 0.
    """

    texts: tuple[TextChange, ...] = ()
    added: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    order: tuple[int, ...] = ()
    lead: int = 0
    titles: Mapping[int, str] | None = None

    def title(self, post_id: int) -> str:
        """A post's title."""
        return (self.titles or {}).get(post_id, "") or str(post_id)


@dataclass(frozen=True, slots=True)
class EditionEdit:
    """Who changed what, when; the fingerprints before and after."""

    id: int
    by: str
    at: datetime
    was: str
    fingerprint: str
    changes: Difference


def difference(before: EditionContent, after: EditionContent) -> Difference:
    """What is different in `after`."""
    was, now = [post.id for post in before.posts], [post.id for post in after.posts]
    stayed = [one for one in was if one in now]
    moved = stayed != [one for one in now if one in was]
    added = tuple(one for one in now if one not in was)
    dropped = tuple(one for one in was if one not in now)
    lead = now[0] if now and now[:1] != was[:1] else 0
    named = {*added, *dropped, *(now if moved else ()), lead}
    titles = {post.id: post.title for post in (*before.posts, *after.posts) if post.id in named}
    return Difference(
        texts=tuple(_texts(before, after)),
        added=added,
        dropped=dropped,
        order=tuple(now) if moved else (),
        lead=lead,
        titles=titles,
    )


def _texts(before: EditionContent, after: EditionContent) -> Iterator[TextChange]:
    for name in TEXTS:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield TextChange(name, was, now)
    written = {(one.channel, one.part): one.text for one in before.snippets}
    writes = {(one.channel, one.part): one.text for one in after.snippets}
    kept = {str(post.id) for post in after.posts} | {""}
    for channel, part in sorted(written.keys() | writes.keys()):
        was, now = written.get((channel, part), ""), writes.get((channel, part), "")
        if was != now and part in kept:
            yield TextChange(SNIPPET, was, now, channel, part)
