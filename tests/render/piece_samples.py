"""Pieces to render."""

from dispatch.model.editions.piece import Piece, PieceKind, PiecePicture

PICTURE = PiecePicture("ab" * 32, "image/png", 1072, 600)


def heading(text: str = "Doors open", number: int = 1, **said) -> Piece:
    return Piece(id=f"h{number}", kind=PieceKind.HEADING, text=text, **said)


def text(words: str = "Some *words*.", number: int = 1, **said) -> Piece:
    return Piece(id=f"t{number}", kind=PieceKind.TEXT, text=words, **said)


def picture(number: int = 1, **said) -> Piece:
    said = {"picture": PICTURE, "alt": "A harbour"} | said
    return Piece(id=f"p{number}", kind=PieceKind.PICTURE, **said)


def link(label: str = "Come", address: str = "https://example.org/a?b=1&c=2", **said) -> Piece:
    return Piece(id="l1", kind=PieceKind.LINK, text=label, address=address, **said)
