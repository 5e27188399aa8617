"""Threads: posts that follow each other, as people and templates write them."""

import re
from collections.abc import Iterable

BREAK = "---"
"""Alone on a line between two posts of a thread."""

_BREAK = re.compile(rf"^[ \t]*{BREAK}[ \t]*$", re.MULTILINE)


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
