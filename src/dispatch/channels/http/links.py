"""Links in a text, apart from what stands around them, for services that read marks of their own.

What is no link is escaped as the service has it, and a link is left alone.
"""

from collections.abc import Iterator

from dispatch.model.text.counting import CODE_POINTS


def links_apart(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, in order, and whether each is a link.

    >>> list(links_apart("See https://a.example/b_c."))
    [('See ', False), ('https://a.example/b_c', True), ('.', False)]
    """
    place = done = 0
    for piece in CODE_POINTS.pieces(text):
        if piece.is_link:
            if done < place:
                yield text[done:place], False
            yield text[place : piece.end], True
            done = piece.end
        place = piece.end
    if done < len(text):
        yield text[done:], False
