"""Posts and pieces of an edition, as the command line shows them."""

from typing import TYPE_CHECKING

from dispatch.cli.output.console import show

if TYPE_CHECKING:
    from dispatch.model.editions.edition import EditionContent
    from dispatch.model.editions.piece import Piece


def post_rows(content: "EditionContent") -> list[dict[str, object]]:
    """The posts, for scripts."""
    return [
        {"post": post.id, "feed": post.feed, "title": post.title, "link": post.link}
        for post in content.posts
    ]


def piece_rows(content: "EditionContent") -> list[dict[str, object]]:
    """What the team has written, for scripts; `after` is how many posts are read before it."""
    return [
        {
            "piece": piece.id,
            "kind": piece.kind,
            "text": piece.text,
            "address": piece.address,
            "picture": piece.picture.mark if piece.picture else "",
            "alt": piece.alt,
            "decorates": piece.decorates,
            "after": piece.after,
        }
        for piece in content.pieces
    ]


def show_parts(content: "EditionContent") -> None:
    """All of it in the order of reading."""
    if not content.pieces:
        show("Posts", ("post", "feed", "title", "link"), post_rows(content), as_json=False)
        return
    from dispatch.model.editions.piece import Piece

    rows = {str(row["post"]): row | {"part": row["post"]} for row in post_rows(content)}
    parts = [
        _row(part) if isinstance(part, Piece) else rows[str(part.id)] for part in content.parts
    ]
    show("Posts and pieces", ("part", "feed", "title", "link"), parts, as_json=False)


def _row(piece: "Piece") -> dict[str, object]:
    from dispatch.model.text.plain_text import shorten

    words = shorten(piece.text or piece.alt, 80)
    return {"part": piece.id, "feed": f"({piece.kind})", "title": words, "link": piece.address}
