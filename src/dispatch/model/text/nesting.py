"""How deeply the elements of a document stand in one another: some readers of it overflow."""

import re
from collections import Counter

_PARTS = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)|(/>)")

# These never contain one another without an element around them that is counted.
_NOT_DEEP = frozenset(
    {"br", "hr", "img", "p", "li", "dd", "dt", "tbody", "thead", "tfoot", "tr", "td", "th"}
)


def is_deeper(document: str, most: int, *, xml: bool = False) -> bool:
    """Whether more than `most` elements stand in one another, whatever is never closed counted.

    In XML `<name/>` is closed, in HTML it is not.

    >>> is_deeper("<b><b><b>x</b></b></b>", 2), is_deeper("<b>x</b><b>y</b><b>z</b>", 2)
    (True, False)
    """
    open_now: Counter[str] = Counter()
    depth, last = 0, ""
    for closing, name, closed in _PARTS.findall(document):
        if closed and not xml:
            continue
        ends = bool(closing or closed)
        element = last if closed else name.lower()
        last = "" if ends else element
        if not ends and element not in _NOT_DEEP:
            open_now[element] += 1
            depth += 1
            if depth > most:
                return True
        elif ends and open_now[element]:
            open_now[element] -= 1
            depth -= 1
    return False
