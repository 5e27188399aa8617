"""Where an XML document is broken, in words for its owner."""

import re
from typing import Any
from xml.parsers import expat

_WORDS = {
    "duplicate attribute": "an element says something twice",
    "junk after document element": "something follows the end of the feed",
    "limit on input amplification factor (from DTD and entities) breached": (
        "it repeats itself without end"
    ),
    "mismatched tag": "an element is not closed, or closed twice",
    "no element found": "it ends too early",
    "not well-formed (invalid token)": "a character that may not stand there, like a bare &",
    "reference to invalid character number": "a character that XML does not allow",
    "unbound prefix": "a prefix without its namespace",
    "unclosed CDATA section": "it ends too early",
    "unclosed token": "it ends too early",
    "undefined entity": "a name such as &nbsp; that XML does not know",
}
_PROLOG = re.compile(r"(<\?xml[^>]*?)\sencoding\s*=\s*(?:\"[^\">]*\"|'[^'>]*')")


def find_flaw(body: bytes, encoding: str) -> str:
    """The first thing that makes the document no XML, and its place; empty if nothing does.

    >>> find_flaw(b"<rss><title>Tea", "utf-8")
    'broken in line 1, column 16, in <title>: it ends too early'
    """
    text = _PROLOG.sub(r"\1", _decoded(body, encoding).lstrip("\ufeff"), count=1)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.namespace_prefixes = True
    inside: list[str] = []

    def opened(name: str, _attributes: Any) -> None:
        inside.append(name)

    def closed(_name: str) -> None:
        inside.pop()

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    try:
        parser.Parse(text, True)
    except expat.ExpatError as flaw:
        what = expat.ErrorString(flaw.code)
        element = f", in <{_as_written(inside[-1])}>" if inside else ""
        place = f"line {flaw.lineno}, column {flaw.offset + 1}{element}"
        return f"broken in {place}: {_WORDS.get(what, what)}"
    return ""


def _as_written(name: str) -> str:
    # expat says "namespace name prefix", without what is not there.
    _, _, local = name.partition(" ")
    return ":".join(reversed((local or name).split(" ")))[:50]


def _decoded(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding or "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")
