"""What an edit of an edition has changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum

from dispatch.model.editions.edition import EditionContent
from dispatch.model.editions.piece import Piece, PieceKind, key_of

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


class Did(StrEnum):
    """What somebody did to a piece."""

    WRITTEN = "written"
    CHANGED = "changed"
    MOVED = "moved"
    TAKEN_OUT = "taken out"


@dataclass(frozen=True, slots=True)
class PieceChange:
    """A piece before and after, in words (`said`); empty where it was not there, or stayed."""

    id: str
    kind: PieceKind
    what: Did
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A piece that is out, whole, so that it can be put back; `below` is the key of the part above.

    That is empty where nothing stood above it.
    """

    piece: Piece
    below: str = ""


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
    pieces: tuple[PieceChange, ...] = ()
    taken_out: tuple[TakenOut, ...] = ()

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
        pieces=tuple(_pieces(before, after, posts_moved=moved)),
        taken_out=tuple(_taken_out(before, after)),
    )


def said(piece: Piece) -> str:
    """What a piece says, as lines of plain text: its words, what it shows, where it leads."""
    picture = ""
    if one := piece.picture:  # the mark, as two may be of the same size
        kind = one.kind.rpartition("/")[2].upper()
        picture = f"{kind}, {one.width} × {one.height} ({one.mark[:8]})"
    return "\n".join(filter(None, (piece.text, picture, piece.alt, piece.address)))


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


def _pieces(
    before: EditionContent, after: EditionContent, *, posts_moved: bool
) -> Iterator[PieceChange]:
    were, are = ({one.id: one for one in content.pieces} for content in (before, after))
    moved = _moved(before, after, posts_moved=posts_moved)
    for piece in before.pieces:
        if piece.id not in are:
            yield PieceChange(piece.id, piece.kind, Did.TAKEN_OUT, before=said(piece))
    for piece in after.pieces:
        was = were.get(piece.id)
        if was is None:
            yield PieceChange(piece.id, piece.kind, Did.WRITTEN, after=said(piece))
        elif was.fingerprint != piece.fingerprint:
            yield PieceChange(piece.id, piece.kind, Did.CHANGED, said(was), said(piece))
        elif piece.id in moved:
            yield PieceChange(piece.id, piece.kind, Did.MOVED, after=said(piece))


def _taken_out(before: EditionContent, after: EditionContent) -> Iterator[TakenOut]:
    stayed, below = {piece.id for piece in after.pieces}, ""
    for part in before.parts:
        if isinstance(part, Piece) and part.id not in stayed:
            yield TakenOut(part, below)
        below = key_of(part)


def _moved(before: EditionContent, after: EditionContent, *, posts_moved: bool) -> set[str]:
    """The pieces that stand elsewhere among what is in both.

    Where posts have moved, too, it is told of those: a post that was taken past a piece has not
    moved that piece.
    """
    was, now = [[key_of(part) for part in content.parts] for content in (before, after)]
    both = set(was) & set(now)
    was, now = [one for one in was if one in both], [one for one in now if one in both]
    ids = {piece.id for piece in after.pieces}
    if posts_moved:
        return ids & _out_of_line(was, now)
    first, second = (_posts_before(keys, ids) for keys in (was, now))
    elsewhere = {one for one in first if first[one] != second[one]}
    return elsewhere | _out_of_line([*first], [*second])


def _out_of_line(was: Sequence[str], now: Sequence[str]) -> set[str]:
    """What is not in the longest stretches that both have."""
    same = SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks()
    return set(now).difference(*(now[one.b : one.b + one.size] for one in same))


def _posts_before(keys: Sequence[str], pieces: set[str]) -> dict[str, int]:
    """How many posts are read before each piece, in order."""
    found: dict[str, int] = {}
    for at, key in enumerate(keys):
        if key in pieces:
            found[key] = at - len(found)
    return found
