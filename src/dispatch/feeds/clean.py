"""Foreign HTML -> HTML that is safe and sound in a mail: nh3 decides what stays, we mind the rest.

The result can stand as it is inside `<mj-text>`: it is balanced, has no characters that XML
forbids, and no line ends, because mrml drops white space between two elements that has one.
"""

import re
from collections import Counter
from html import unescape

import nh3

from dispatch.feeds.address import absolute
from dispatch.model.text import printable, text_of_html

LONGEST = 500_000  # characters of one post; a whole digest must stay below 102 KB to be shown whole
DEEPEST = 100  # elements in elements: nh3 takes minutes over 50,000, and mrml overflows its stack
WIDEST = 600  # pixels of an image; the column of a mail, which Outlook takes from the attribute

_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "div", "dl"),
    *("dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img"),
    *("ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strong"),
    *("sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var"),
}
# What these hold is for programs, or means nothing without them.
_DROPPED_WHOLE = {
    *("audio", "button", "canvas", "iframe", "math", "noembed", "noframes", "noscript", "object"),
    *("script", "select", "style", "svg", "template", "textarea", "title", "video", "xmp"),
}
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# These never contain one another without an element around them that is counted.
_NOT_DEEP = frozenset(
    {"br", "hr", "img", "p", "li", "dd", "dt", "tbody", "thead", "tfoot", "tr", "td", "th"}
)

_OPENED_OR_CLOSED = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_ANY_TAG = re.compile(r"<(?!/?(?:script|style)\b)[^<>]*>", re.IGNORECASE)

# These read what nh3 wrote: "<" and ">" occur in tags only, and every value is in double quotes.
_IMG = re.compile(r"<img([^>]*)>")
_PRE = re.compile(r"(</?pre(?: [^>]*)?>)")
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_SPACES = re.compile(r"[\t\n\r ]+")
_EMPTY_PARAGRAPH = re.compile(r"<p>(?:\s|&nbsp;|<br>)*</p>")


def clean(html: str, *, base: str = "") -> str:
    """The HTML with nothing left that executes, tracks or breaks a mail; links and images absolute.

    Links go to http, https or mailto; images are http(s), wider than a pixel, and have an alt text,
    if an empty one. Relative addresses are resolved against `base`; without one they are left out.

    >>> clean('<p onclick="x()">See <a href="/p">this</a><script>x()</script>', base="https://example.org/")
    '<p>See <a href="https://example.org/p" rel="noopener">this</a></p>'
    """
    found = printable(html[:LONGEST])
    kept = nh3.clean(
        _ANY_TAG.sub(" ", found) if _is_too_deep(found) else found,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WHOLE,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        url_relative=("rewrite_with_base", base) if absolute(base, "") else "deny",
        link_rel="noopener",  # no target: a mail program opens links outside itself anyway
    )
    kept = _IMG.sub(_image, printable(kept))
    return _without_line_ends(_EMPTY_PARAGRAPH.sub("", kept)).strip()


def text_of(html: str) -> str:
    """What a reader sees of any HTML, on one line.

    >>> text_of("<p>Caf&eacute;</p><script>no()</script><![bad[ 2 &lt; 3")
    'Café'
    """
    # Cleaned first: the standard library's parser fails on what no browser minds.
    return text_of_html(clean(html))


def _is_too_deep(html: str) -> bool:
    open_now: Counter[str] = Counter()
    depth = 0
    for closing, name in _OPENED_OR_CLOSED.findall(html):
        element = name.lower()
        if not closing and element not in _NOT_DEEP:
            open_now[element] += 1
            depth += 1
            if depth > DEEPEST:
                return True
        elif closing and open_now[element]:
            open_now[element] -= 1
            depth -= 1
    return False


def _image(match: re.Match[str]) -> str:
    attributes = dict(_ATTRIBUTE.findall(match.group(1)))
    if not absolute(unescape(attributes.get("src", "")), ""):
        return ""
    width, height = (_pixels(attributes.get(side)) for side in ("width", "height"))
    if min(size for size in (width, height, WIDEST) if size is not None) <= 1:
        return ""  # counts readers, or spaces a layout
    attributes.pop("height", None)  # would stretch the picture where the width is limited
    attributes.pop("width", None)
    if width is not None:
        attributes["width"] = str(min(width, WIDEST))
    attributes.setdefault("alt", "")
    return "<img " + " ".join(f'{name}="{value}"' for name, value in attributes.items()) + ">"


def _pixels(value: str | None) -> int | None:
    match = re.match(r"\s*(\d{1,6})(?:\.\d*)?\s*(?:px)?\s*$", value or "")
    return int(match.group(1)) if match else None


def _without_line_ends(html: str) -> str:
    if "<pre" not in html:
        return _SPACES.sub(" ", html)
    depth = 0
    parts = _PRE.split(html)
    for place, part in enumerate(parts):
        if place % 2:
            depth += -1 if part.startswith("</") else 1
        elif depth:
            parts[place] = part.strip("\n").replace("\n", "<br>").replace("\t", "    ")
        else:
            parts[place] = _SPACES.sub(" ", part)
    return "".join(parts)
