"""What the pieces of an edition show by themselves, and whether their pictures are still there."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TypeGuard

from dispatch.model.editions.edition import EditionContent
from dispatch.model.editions.finding import Finding, Kind
from dispatch.model.editions.piece import Piece, PieceKind
from dispatch.model.text.foreign import is_foreign
from dispatch.model.text.plain_text import one_line
from dispatch.render.pieces.markdown import first_words, named_plain
from dispatch.render.pieces.names import ReadersName, named_line
from dispatch.store.transactions import Transaction

MOST_WORDS_SHOWN = 60
"""Characters of a heading or text by which a finding says which one it is about."""

MOST_READ = 400
"""Words of a text, of which its language is told."""


def piece_findings(content: EditionContent) -> Iterator[Finding]:
    """What can be said by the pieces alone, each finding once for each piece it is about."""
    if content.letter is not None and not content.parts:
        yield Finding(Kind.STOP, "nothing_in_it")
    for piece in content.pieces:
        if piece.kind is PieceKind.LINK and not one_line(piece.text):
            yield Finding(Kind.STOP, "piece_no_label", {"address": piece.address}, piece.id)
        if needs_words(piece):
            yield Finding(Kind.LOOK, "piece_no_alt", about=piece.id)
        if _says_a_bare_name(piece):
            yield Finding(Kind.LOOK, "piece_bare_name", {"piece": _named(piece)}, piece.id)
    yield from _languages(content)
    for part, following in pairwise((*content.parts, None)):
        if _is_heading(part) and (following is None or _is_heading(following)):
            values = {"piece": _named(part)}
            yield Finding(Kind.LOOK, "piece_bare_heading", values, part.id)


def _languages(content: EditionContent) -> Iterator[Finding]:
    """What is written in another language than readers expect: one finding, as one may mean it."""
    wanted = content.publisher.locale
    texts = (one for one in content.pieces if one.kind is PieceKind.TEXT)
    foreign = [one for one in texts if is_foreign(first_words(one.text, MOST_READ), wanted)]
    if foreign:
        values = {"count": len(foreign), "piece": _named(foreign[0]), "language": wanted}
        yield Finding(Kind.LOOK, "piece_language", values, foreign[0].id)


def picture_findings(content: EditionContent, tx: Transaction) -> Iterator[Finding]:
    """Pictures of pieces that are kept no more, so that readers would see a gap."""
    of = {piece.picture.mark: piece.id for piece in content.pieces if piece.picture}
    if of and (gone := of.keys() - tx.uploaded_pictures.of(of).keys()):
        first = next(of[mark] for mark in of if mark in gone)
        yield Finding(Kind.STOP, "piece_picture_gone", {"count": len(gone)}, first)


def needs_words(piece: Piece) -> bool:
    """Whether it is a picture that says nothing to who cannot see it, and should."""
    return piece.kind is PieceKind.PICTURE and not piece.alt and not piece.decorates


def _is_heading(part: object) -> TypeGuard[Piece]:
    return isinstance(part, Piece) and part.kind is PieceKind.HEADING


def _says_a_bare_name(piece: Piece) -> bool:
    """Whether it says nothing in the place of a name that somebody does not have."""
    if piece.kind is PieceKind.PICTURE or "subscriber.name" not in piece.text:
        return False
    is_text = piece.kind is PieceKind.TEXT
    parts = named_plain(piece.text, 0) if is_text else named_line(piece.text)
    return any(isinstance(part, ReadersName) and not part.fallback for part in parts)


def _named(piece: Piece) -> str:
    return one_line(piece.text)[:MOST_WORDS_SHOWN]
