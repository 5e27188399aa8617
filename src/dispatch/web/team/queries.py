"""Addresses of pages with a query: what a list is narrowed to, and where in it somebody is."""

from collections.abc import Mapping
from urllib.parse import urlencode

NOTHING: Mapping[str, object] = {}


def with_query(path: str, asked: Mapping[str, object] = NOTHING, /, **more: object) -> str:
    """A path with what is asked of it, in that order; what is empty, or 0, is left out.

    >>> with_query("/posts", {"state": "held", "feed": ""}, q="A & B", before=7)
    '/posts?state=held&q=A+%26+B&before=7'
    >>> with_query("/posts", q="")
    '/posts'
    """
    query = urlencode({name: value for name, value in {**asked, **more}.items() if value})
    return f"{path}?{query}" if query else path
