"""The main text of a web page, by trafilatura, which is the extra `fulltext`."""

import logging
from importlib.util import find_spec

MOST_TAGS = 30_000
"""Of a page that is read at all: trafilatura takes time by the square of them, half a second here.
The longest articles of Wikipedia have about as many."""


def is_available() -> bool:
    """Whether the extra is installed."""
    return find_spec("trafilatura") is not None


def main_text(html: str, *, url: str) -> str:
    """The page's main text as HTML that still has to be cleaned; empty if none can be told.

    Links and pictures stay. Meant for a process with limits (`dispatch.feeds.subprocesses`): what
    a hostile page makes of its time and memory is not known.
    """
    if html.count("<") > MOST_TAGS:
        return ""
    import trafilatura  # noqa: PLC0415 - an extra, and 200 ms

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page without text is no event
    found = trafilatura.extract(
        html,
        url=url,
        output_format="html",
        include_comments=False,
        include_formatting=True,
        include_images=True,
        include_links=True,
        include_tables=True,
    )
    return found or ""
