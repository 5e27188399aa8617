"""Threads: posts that follow each other, as people and templates write them."""

import re
from collections.abc import Iterable

from dispatch.model.text.mentions import JOINER

BREAK = "---"
"""Alone on a line between two posts of a thread."""

_BREAK = re.compile(rf"^[ \t]*{BREAK}[ \t]*$", re.MULTILINE)


_ALONE = re.compile(rf"^(?=\s*{BREAK}\s*$)", re.MULTILINE)
_ALONE_IN_HTML = re.compile(rf"(?:^|(?<=>))(?=\s*{BREAK}\s*(?:<|$))")


def without_breaks(text: str) -> str:
    r"""The same to a reader, with no line that would begin the next post of a thread.

    >>> posts_in(without_breaks("One\n---\nTwo"), threads=True) == ["One\n\u2060---\nTwo"]
    True
    """
    if BREAK not in text:
        return text
    return "\n".join(_ALONE.sub(JOINER, line) for line in text.splitlines())


def without_breaks_in_html(html: str) -> str:
    """The same of HTML of which the words may stand alone on a line."""
    return _ALONE_IN_HTML.sub(JOINER, html) if BREAK in html else html


def posts_in(text: str, *, threads: bool) -> list[str]:
    r"""The posts of a text, at least one; one of several paragraphs where there are no threads.

    >>> posts_in("One\n---\nTwo", threads=True), posts_in("One\n---\nTwo", threads=False)
    (['One', 'Two'], ['One\n\nTwo'])
    """
    posts = [post for part in _BREAK.split(text) if (post := part.strip())]
    return posts or [""] if threads else ["\n\n".join(posts)]


def as_written(posts: Iterable[str]) -> str:
    r"""The posts of a thread as somebody writes them: `posts_in` has them back.

    >>> as_written(["One", "Two"])
    'One\n---\nTwo'
    """
    return f"\n{BREAK}\n".join(posts)
