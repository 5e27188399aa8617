"""A post's HTML made to fit the column of a mail, whatever template prints it.

Written onto the elements themselves: some mail programs read no style sheet.
"""

import re
from collections.abc import Mapping

_BREAKS = "overflow-wrap:break-word;word-break:break-word"  # the second one also narrows tables
_STYLES: Mapping[str, str] = {
    "pre": f"white-space:pre-wrap;{_BREAKS}",  # Outlook takes the style of parents for tables only
    "img": "max-width:100%;height:auto",
    "table": "max-width:100%",
}
# These read cleaned HTML, which has no styles: "<" and ">" occur in tags only.
_WIDE = re.compile(rf"<({'|'.join(_STYLES)})(?=[ >])")
_CELL = re.compile(r"<(t[dh])(?=[ >])")
_CELL_STYLE = "min-width:3.5em"  # or a short word beside a long text breaks after each letter
_INDENTED = re.compile(r"<(/?)(blockquote|dd|figure|ol|ul)(?=[ >])")
MOST_INDENTED = 2  # elements in each other, with the 40 or 80 pixels that mail programs give each
MOST_NARROWLY = 6  # elements in each other with any indent: a phone has room for no more
_CODE = re.compile(r"<(code|kbd|pre|samp|var)(?![^>]*\sdir=)(?=[ >])")
MOST_CELLS = 5  # in a row; more of that width are wider than a phone


def fit_to_column(content: str, direction: str = "ltr") -> str:
    """Cleaned HTML of which nothing is wider than the column around it.

    Lines of code wrap, long words and addresses break, tables and pictures become narrower, and
    what stands deep in quotations and lists is indented less. It begins on the side from which it
    is read, whatever is around it; code in it is read from its own side.

    >>> fit_to_column("<p>a</p>").partition("<p>")[0]
    '<div dir="ltr" style="text-align:start;overflow-wrap:break-word;word-break:break-word">'
    """
    if not content:
        return ""
    fitted = _WIDE.sub(lambda tag: f'<{tag[1]} style="{_STYLES[tag[1]]}"', content)
    if max(len(_CELL.findall(row)) for row in fitted.split("<tr")) <= MOST_CELLS:
        fitted = _CELL.sub(rf'<\1 style="{_CELL_STYLE}"', fitted)
    fitted = _indented_less(fitted, "right" if direction == "rtl" else "left")
    if direction == "rtl":  # or the brackets behind a name jump to its other side
        fitted = _CODE.sub(r'<\1 dir="auto"', fitted)
    return f'<div dir="{direction}" style="text-align:start;{_BREAKS}">{fitted}</div>'


def _indented_less(content: str, side: str) -> str:
    """With less indent for what stands deep; `side` is where lines begin."""
    depth = 0

    def tag(match: re.Match[str]) -> str:
        nonlocal depth
        depth += -1 if match[1] else 1
        if match[1] or depth <= MOST_INDENTED:
            return match[0]
        if depth <= MOST_NARROWLY:
            return f'{match[0]} style="margin-left:0;margin-right:0;padding-{side}:1em"'
        return f'{match[0]} style="margin-left:0;margin-right:0;padding-{side}:0"'

    return _INDENTED.sub(tag, content)
