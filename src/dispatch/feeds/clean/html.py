"""Foreign HTML -> HTML that is safe and sound in a mail: nh3 decides what stays, we mind the rest.

The result can stand as it is inside `<mj-text>`: it is balanced, has no characters that XML
forbids, and no line ends, because mrml drops white space between two elements that has one.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html import unescape
from typing import Literal

import nh3

from dispatch.feeds.clean import equivalents
from dispatch.feeds.clean.embeds import with_links_for_embeds
from dispatch.feeds.clean.hidden import WRAPPERS, mark_hidden, may_hide, without_hidden
from dispatch.feeds.clean.inline_images import READ, mail_image
from dispatch.feeds.clean.late_images import data_names
from dispatch.feeds.clean.pictures import Picture
from dispatch.feeds.web.address import absolute
from dispatch.model.text.nesting import is_deeper
from dispatch.model.text.plain_text import printable, text_of_html

LONGEST = 500_000  # characters of one post; a whole digest must stay below 102 KB to be shown whole
LINE = 400  # characters before an image in which text of its line is looked for
DEEPEST = 100  # elements in elements: nh3 takes minutes over 50,000, and mrml overflows its stack

_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "div", "dl"),
    *("dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img"),
    *("ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike"),
    *("strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
    "var",
}
# What these hold is for programs, or means nothing without them.
_DROPPED_WHOLE = {
    *("audio", "button", "canvas", "iframe", "math", "noembed", "noframes", "noscript", "object"),
    *("script", "select", "style", "svg", "template", "textarea", "title", "video", "xmp"),
}
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "img": set(READ),  # most of them for `mail_image` only, which leaves them out again
    "li": {"value"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_TAGS_AND_WRAPPERS = _TAGS | WRAPPERS
_TAGS_AND_MORE = _TAGS_AND_WRAPPERS | equivalents.TAGS
_DROPPED_WITH_MORE = (_DROPPED_WHOLE - equivalents.TAGS) | {"annotation-xml"}
_ATTRIBUTES_AND_MARKS = _ATTRIBUTES | {"*": _ATTRIBUTES["*"] | {"hidden", "style"}}

_Resolving = (
    Literal["deny"] | tuple[Literal["rewrite_with_base"], str] | Callable[[str], str | None]
)

_ANY_TAG = re.compile(r"<(?!/?(?:script|style)\b)[^<>]*>", re.IGNORECASE)

# These read what nh3 wrote: "<" and ">" occur in tags only, and every value is in double quotes.
_IMG = re.compile(r"<img([^>]*)>")
_ANYWHERE = "https://any.invalid/"
_LINE_END = re.compile(
    r"<(?:br|hr)>|</?(?:p|div|li|t[dhr]|h[1-6]|blockquote|fig(?:ure|caption)|d[dt]|[uo]l)"
    r"(?=[ >])[^<>]*>"
)
_PRE = re.compile(r"(</?pre(?: [^>]*)?>)")
_ATTRIBUTE = re.compile(r'([a-z_][\w:.-]*)="([^"]*)"')
_EMPTY_LINK = re.compile(r"<a(?: [^<>]*)?>\s*</a>")
_EMPTY_BLOCK = re.compile(r"<(p|div|figure)>(?:\s|&nbsp;|<br>)*</\1>")
# Their ends part words, where they stand beside text and not beside other blocks.
_BLOCKS = (
    r"(?:address|article|aside|center|details|dialog|fieldset|footer|header|hgroup|legend|main"
    r"|nav|section|summary)(?=[\s/>])"
)
_BLOCK = re.compile(rf"<(/?){_BLOCKS}", re.IGNORECASE)
_BLOCK_BESIDE_TEXT = re.compile(
    rf"[^<>\s]\s?</?{_BLOCKS}|</?{_BLOCKS}[^<>]*>\s?[^<>\s]", re.IGNORECASE
)
_BOX = re.compile(r"<input\b[^<>]*\btype\s*=\s*[\"']?checkbox\b[^<>]*>", re.IGNORECASE)
_TICKED = re.compile(r"[\s\"']checked(?=[\s=/>])", re.IGNORECASE)
# "Share this": a link to it that holds nothing but a picture.
_SHARES = re.compile(
    r"<a href=\"https?://(?:www\.|m\.|api\.)?(?:(?:twitter|x)\.com/(?:intent/(?:tweet|post)|share)"
    r"|facebook\.com/(?:sharer|share\.php|dialog/share)|linkedin\.com/(?:shareArticle|sharing/|cws/share)"
    r"|pinterest\.[a-z.]{2,6}/pin/create|reddit\.com/submit|t\.me/share|whatsapp\.com/send"
    r"|tumblr\.com/(?:share|widgets/share)|getpocket\.com/(?:save|edit)|addtoany\.com/|addthis\.com/"
    r"|bufferapp\.com/add|buffer\.com/add|vk\.com/share|news\.ycombinator\.com/submitlink"
    r"|share\.flipboard\.com/)[^\"]*\"[^<>]*>\s*(?:<img[^>]*>\s*)+</a>",
    re.IGNORECASE,
)
_TO_THE_SAME_PAGE = re.compile(r"""href\s*=\s*["']?\s*#""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is left of foreign HTML, and its pictures in order with what was said of them."""

    html: str
    pictures: tuple[Picture, ...] = ()


def clean(html: str, *, base: str = "", page: str = "") -> str:
    """The HTML with nothing left that executes, tracks or breaks a mail; links and images absolute.

    Links go to http, https or mailto; images are http(s), wider than a pixel, and have an alt text,
    if an empty one. Relative addresses are resolved against `base`; without one they are left out.
    Links to a place on the same page, as footnotes have, lead to it on `page`. Links stay as their
    author wrote them, tracking parameters too: some pages need theirs, and whose campaign a click
    counts for is the author's affair. Players and frames become links, formulas and readings text,
    late images are found, what counts readers is dropped.

    >>> clean('<p onclick="x()">See <a href="/p">this</a><script>x()</script>', base="https://example.org/")
    '<p>See <a href="https://example.org/p" rel="noopener">this</a></p>'
    """
    return clean_post(html, base=base, page=page).html


def clean_post(html: str, *, base: str = "", page: str = "") -> Cleaned:
    """The same as `clean`, with the pictures that stay."""
    found = _with_blocks(printable(html[:LONGEST]))
    if is_deeper(found, DEEPEST):
        found = _ANY_TAG.sub(" ", found)
    found = _with_equivalents(found, base)
    hides = may_hide(found)
    attributes = _ATTRIBUTES_AND_MARKS if hides else _ATTRIBUTES
    kept = nh3.clean(
        found,
        tags=_TAGS_AND_WRAPPERS if hides else _TAGS,
        clean_content_tags=_DROPPED_WHOLE,
        attributes=_with_names(attributes, data_names(found)),
        attribute_filter=mark_hidden if hides else None,
        url_schemes={"http", "https", "mailto"},
        url_relative=_resolving(found, base, page),
        link_rel="noopener",  # no target: a mail program opens links outside itself anyway
    )
    kept = printable(kept)
    if hides:
        kept = without_hidden(kept)
    kept, pictures = _with_mail_images(kept, base)
    return Cleaned(_without_line_ends(_EMPTY_BLOCK.sub("", kept)).strip(), pictures)


def _with_blocks(html: str) -> str:
    """Foreign HTML with `<div>` for blocks that do not stay, and signs for ticked boxes."""
    if _BLOCK_BESIDE_TEXT.search(html):
        html = _BLOCK.sub(r"<\1div", html)
    if "checkbox" in html.lower():
        html = _BOX.sub(lambda box: "☑ " if _TICKED.search(box[0]) else "☐ ", html)
    return html


def _with_equivalents(html: str, base: str) -> str:
    """Foreign HTML with links for players, and text for what no mail shows."""
    if not equivalents.may_need_words(html):
        return with_links_for_embeds(html, base=base)
    # Put in order first, by nh3 and with more than may stay: what it wrote can be read as a tree.
    html = with_links_for_embeds(equivalents.with_formulas_of_programs(html), base=base)
    attributes = _ATTRIBUTES_AND_MARKS | {"*": _ATTRIBUTES_AND_MARKS["*"] | equivalents.ATTRIBUTES}
    return equivalents.with_words(
        nh3.clean(
            html,
            tags=_TAGS_AND_MORE,
            clean_content_tags=_DROPPED_WITH_MORE,
            attributes=_with_names(attributes, data_names(html)),
            link_rel=None,
        )
    )


def _with_names(attributes: dict[str, set[str]], names: frozenset[str]) -> dict[str, set[str]]:
    return attributes | {"img": attributes["img"] | names} if names else attributes


def _with_mail_images(html: str, base: str) -> tuple[str, tuple[Picture, ...]]:
    if "<img" not in html:
        return html, ()
    html = _SHARES.sub("", html)
    pictures: list[Picture] = []

    def image(tag: re.Match[str]) -> str:
        said = {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag[1])}
        text, picture = mail_image(said, base=base)
        pictures.extend((picture,) if picture else ())
        return text

    images = html.count("<img")
    html = _IMG.sub(image, html)
    if len(pictures) < images:
        html = _EMPTY_LINK.sub("", html)  # such as around a share button
    return html, tuple(_placed(pictures, html))


def _placed(pictures: list[Picture], html: str) -> Iterator[Picture]:
    """The pictures that stay, told where text stands before them on their line."""
    for picture, image in zip(pictures, _IMG.finditer(html), strict=False):
        if not picture.may_lead or picture.is_large:
            yield picture  # its place does not matter
            continue
        line = _LINE_END.split(html[max(0, image.start() - LINE) : image.start()])[-1]
        yield replace(picture, in_line=bool(_ANY_TAG.sub("", line).strip()))


def text_of(html: str) -> str:
    """What a reader sees of any HTML, on one line.

    >>> text_of("<p>Caf&eacute;</p><script>no()</script><![bad[ 2 &lt; 3")
    'Café'
    """
    # Cleaned first: the standard library's parser fails on what no browser minds. Where relative
    # addresses lead does not matter, only that they are some.
    return text_of_html(clean(html, base=_ANYWHERE))


def _resolving(html: str, base: str, page: str) -> _Resolving:
    """How nh3 is to make addresses absolute; its own way is the quick one."""
    if not absolute(base, ""):
        return "deny"
    if not (page and "#" in html and _TO_THE_SAME_PAGE.search(html)):
        return ("rewrite_with_base", base)
    return lambda url: absolute(url, page if url.startswith("#") else base) or None


def _without_line_ends(html: str) -> str:
    if "<pre" not in html:
        return _single_spaced(html)
    depth = 0
    parts = _PRE.split(html)
    for place, part in enumerate(parts):
        if place % 2:
            depth += -1 if part.startswith("</") else 1
        elif depth:
            parts[place] = part.strip("\n").replace("\n", "<br>").replace("\t", "    ")
        else:
            parts[place] = _single_spaced(part)
    return "".join(parts)


def _single_spaced(html: str) -> str:
    for end in "\t\n\r":  # one by one: far quicker than a table that meets every character
        html = html.replace(end, " ")
    while "  " in html:  # halves each run: far quicker than a pattern that meets every space
        html = html.replace("  ", " ")
    return html
