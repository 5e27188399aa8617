"""Elements that their page hides: a mail has no style sheet to do it, so they have to go."""

import re

# Only what is certain: a class hides by a style sheet that we do not see, and what is merely
# transparent or out of sight at first is often brought in by a script.
_HIDES = re.compile(r"display\s*:\s*none")
_SAYS_HIDDEN = re.compile(r"<[a-z][^<>]*[\s\"']hidden(?=[\s=>/])")

WRAPPERS = frozenset(
    {
        *("article", "aside", "center", "details", "font", "footer", "form", "header", "label"),
        *("main", "nav", "section", "summary"),
    }
)
"""Elements that have no place in a mail and do not stay, but may hide what is in them."""

_VOID = frozenset({"br", "hr", "img"})
_MARK = "-"

# These read what nh3 wrote: "<" and ">" occur in tags only, and every value is in double quotes.
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^<>]*)>")
_MARKS = re.compile(r' (?:style|hidden)="[^"]*"')


def may_hide(html: str) -> bool:
    """Whether anything in foreign HTML could be hidden; most posts hide nothing."""
    low = html.lower()
    if "none" in low and _HIDES.search(low):
        return True
    return "hidden" in low and _SAYS_HIDDEN.search(low) is not None


def mark_hidden(tag: str, name: str, value: str) -> str | None:
    """What nh3 is to keep of an attribute, so that `without_hidden` sees what hides.

    Images decide by themselves: the late ones are hidden only until they are there.
    """
    if name != "style" or tag == "img":
        return value
    return _MARK if _HIDES.search(value.lower()) else None


def without_hidden(html: str) -> str:
    """The HTML that nh3 wrote without hidden elements, marks and `WRAPPERS`.

    >>> without_hidden('<p>a<b style="-">b<i>c</i></b></p><section><p>d</p></section>')
    '<p>a</p><p>d</p>'
    """
    out: list[str] = []
    end = 0
    depth = 0  # of elements inside a hidden one, itself included
    for tag in _TAG.finditer(html):
        closing, name, attributes = tag.groups()
        if not depth:
            out.append(html[end : tag.start()])
        end = tag.end()
        if depth:
            depth += 0 if name in _VOID else -1 if closing else 1
        elif name != "img" and _MARKS.search(attributes):
            depth = 0 if name in _VOID else 1
        elif name not in WRAPPERS:
            out.append(tag[0])
    return "".join(out) + html[end:]
