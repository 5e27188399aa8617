"""Posts and pieces in one list, of which one piece at a time is open for writing."""

from dataclasses import dataclass

from dispatch.model.editions.piece import MOST_LINE, MOST_WORDS, Piece, PieceKind, key_of
from dispatch.model.editions.uploaded import ENDINGS, address_of
from dispatch.model.intake.post import Post
from dispatch.model.text.cutting import cut
from dispatch.pipeline.editions.come_again import has_place
from dispatch.pipeline.editions.edit_pieces import piece_id
from dispatch.render.pieces.markdown import first_words, word_count
from dispatch.web.team.queries import with_query
from dispatch.web.team.review import posts
from dispatch.web.team.review.again import again_of
from dispatch.web.team.review.desk import Desk
from dispatch.web.team.visit import Visit

FIELDS = {
    PieceKind.HEADING: ("text",),
    PieceKind.TEXT: ("text",),
    PieceKind.PICTURE: ("alt", "address"),
    PieceKind.LINK: ("text", "address"),
}
"""What somebody writes in a piece, as its form names it."""

MOST_SHOWN_ALT = 250
"""Characters of an alternative text that are read out in one go: what its meter goes to."""

MOST_TITLE = 80


@dataclass(frozen=True, slots=True)
class PieceRow:
    """A piece in the list; `picture` is a path below readers' pages, or empty.

    `says` is what can be told of it in few words, or empty.
    """

    key: str
    title: str
    kind: PieceKind
    picture: str
    says: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A part in the list: a post or a piece. The first of the posts `leads`."""

    key: str
    title: str
    post: posts.Row | None = None
    piece: PieceRow | None = None
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """The piece that is open: as it was typed, and as it was when its form was made.

    `seen` is the fingerprint of that, and empty for a new one, which stands below the part with
    the key `below`, or at the end. `mark` is of the picture that it had then.
    """

    piece: Piece
    was: Piece
    seen: str = ""
    below: str = ""
    mark: str = ""

    @property
    def is_new(self) -> bool:
        """Whether it is in no edition yet."""
        return not self.seen


def values_of(desk: Desk, opened: Opened | None = None) -> dict[str, object]:
    """What `edition/posts.html` shows, but for what was left out; `opened` as it was typed."""
    content = desk.edition.content
    opened = (opened or opened_in(desk)) if desk.may_edit else None
    rows = rows_of(desk)
    may_write = desk.may_edit and shows_pieces(desk)
    return {
        "rows": rows,
        "count_of_posts": len(content.posts),
        "count_of_pieces": len(content.pieces),
        "opened": opened,
        "again": again_of(desk, opened.piece) if opened else None,
        "opened_title": title_of(desk.visit, opened.piece) if opened else "",
        "kinds": list(PieceKind),
        "add_below": opened.piece.id if opened and not opened.is_new else "",
        "pick_below": desk.visit.asked("below"),
        "may_write": may_write,
        "taken_out": _taken_out(desk) if may_write else None,
        "most": {"words": MOST_WORDS, "line": MOST_LINE, "alt": MOST_SHOWN_ALT},
        "picture_kinds": ",".join((*ENDINGS, "image/webp")),
        "thumbnail": thumbnail,
    }


def shows_pieces(desk: Desk) -> bool:
    """Whether it has a mail, and that a place for them."""
    return has_place(desk.edition.content)


def rows_of(desk: Desk) -> list[Row]:
    """In the order of reading."""
    content = desk.edition.content
    shown = {row.id: row for row in posts.rows_of(desk)}
    lead = content.posts[0].id if content.posts else 0
    return [
        Row(key_of(part), shown[part.id].title, post=shown[part.id], leads=part.id == lead)
        if isinstance(part, Post)
        else Row(part.id, title_of(desk.visit, part), piece=_row(desk, part))
        for part in content.parts
    ]


def opened_in(desk: Desk) -> Opened | None:
    """The piece that the address opens: one of the edition, or a new one of some kind."""
    visit = desk.visit
    key, kind = visit.asked("open"), visit.asked("new")
    for piece in desk.edition.content.pieces:
        if piece.id == key:
            return Opened(piece, piece, piece.fingerprint, mark=picture_mark(piece))
    if kind not in {*PieceKind} or not shows_pieces(desk):
        return None
    blank = Piece(id=piece_id(visit.app.tools.new_id), kind=PieceKind(kind))
    keys = {key_of(part) for part in desk.edition.content.parts}
    below = visit.asked("below")
    return Opened(blank, blank, below=below if below in keys else "")


def _taken_out(desk: Desk) -> tuple[str, str] | None:
    """The id and title of the piece that was taken out just now, as the address says."""
    key = desk.visit.asked("out")
    if not key or key in {piece.id for piece in desk.edition.content.pieces}:
        return None
    with desk.visit.app.store.read() as tx:
        known = tx.edition_edits.taken_out(desk.edition.id).get(key)
    return (key, title_of(desk.visit, known.piece)) if known else None


def picture_mark(piece: Piece) -> str:
    """The mark of its picture; empty where it has none."""
    return piece.picture.mark if piece.picture else ""


def path_of(desk: Desk, key: str) -> str:
    """The page with that piece open, at the button that has just saved it."""
    return f"{with_query(desk.path, open=key)}#piece-save"


def title_of(visit: Visit, piece: Piece) -> str:
    """How a piece is called in lists: its own first words, or what kind it is."""
    match piece.kind:
        case PieceKind.TEXT:
            title = first_words(piece.text[:1_000], 9)
        case PieceKind.PICTURE:
            title = piece.alt
        case _:
            title = piece.text or piece.address
    return cut(title, MOST_TITLE) if title else visit.words(f"pieces.{piece.kind}")


def thumbnail(piece: Piece) -> str:
    """The path of its picture below readers' pages, or empty."""
    picture = piece.picture
    if picture is None or picture.kind not in ENDINGS:
        return ""
    return address_of(picture, "")


def _row(desk: Desk, piece: Piece) -> PieceRow:
    title = title_of(desk.visit, piece)
    says = _told_of(desk.visit, piece)
    return PieceRow(piece.id, title, piece.kind, thumbnail(piece), says, piece.standing > 0)


def _told_of(visit: Visit, piece: Piece) -> str:
    match piece.kind:
        case PieceKind.TEXT:
            return visit.words("pieces.says_words", count=word_count(piece.text))
        case PieceKind.LINK:
            return cut(piece.address.removeprefix("https://").removeprefix("http://"), MOST_TITLE)
        case PieceKind.PICTURE if piece.decorates:
            return visit.words("pieces.says_nothing")
        case PieceKind.PICTURE:
            return visit.words("pieces.says_alt" if piece.alt else "pieces.says_no_alt")
        case PieceKind.HEADING:
            return ""
