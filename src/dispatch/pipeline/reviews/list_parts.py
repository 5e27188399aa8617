"""What is in an edition, as a review mail lists it."""

from collections.abc import Iterator

from dispatch.model.editions.edition import EditionContent
from dispatch.model.editions.piece import Piece, PieceKind
from dispatch.model.text.plain_text import one_line, shorten
from dispatch.render.pieces.markdown import first_words
from dispatch.render.pieces.names import named_line, neutral
from dispatch.words.catalogues import Words


def listed_parts(
    content: EditionContent, words: Words, longest: int
) -> Iterator[tuple[str, str, str]]:
    """Number, title and feed of its posts; no number, what it says and the kind of its pieces.

    `longest` is for titles, in code points. All of it is one line each.
    """
    feeds = {feed.name: feed.title for feed in content.feeds}
    for part in content.parts:
        if isinstance(part, Piece):
            yield "", shorten(one_line(_said_by(part)), longest), _kind(part, words)
        else:
            title = shorten(one_line(part.title), longest) or one_line(part.link)
            yield str(part.id), title, one_line(feeds.get(part.feed, part.feed))


def _said_by(piece: Piece) -> str:
    if piece.kind is PieceKind.TEXT:
        return first_words(piece.text)
    parts = (neutral(named_line(piece.text)), piece.alt, piece.address)
    return next(filter(None, parts), "")


def _kind(piece: Piece, words: Words) -> str:
    match piece.kind:
        case PieceKind.HEADING:
            return words("review_mail.piece_heading")
        case PieceKind.TEXT:
            return words("review_mail.piece_text")
        case PieceKind.PICTURE:
            return words("review_mail.piece_picture")
        case PieceKind.LINK:
            return words("review_mail.piece_link")
