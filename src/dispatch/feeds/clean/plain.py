"""Plain text of a feed -> HTML that reads the same: paragraphs, lines, addresses as links."""

import re
from collections.abc import Iterator
from html import escape, unescape
from itertools import pairwise
from textwrap import dedent

from dispatch.model.text.separators import joined

# Mail and old programs break lines at some column; such a break is no line of its author's.
NARROWEST_COLUMN = 60
WIDEST_COLUMN = 100

_MARKUP = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--)>", re.DOTALL)
_PARAGRAPHS = re.compile(r"\n(?:[^\S\n]*\n)+")
_COLUMNS = re.compile(r"\S(?: {3,}|\t+)\S")
_INDENT = re.compile(r"\t| {2}")  # one space is a slip
_CODE = re.compile(r"[:;{}()\[\]=\\|]$")  # at the end of a line
_ADDRESS = re.compile(r"(?<![\w@./-])(?:https?://|www\.(?=[\w-]+\.))[^\s<>\"]+", re.IGNORECASE)
_ITEM = re.compile(r"[^\w\s(\"'“«]|\d")  # how a line of a list begins
_AFTER = ".,;:!?'\"*_…。、，；：！？）」』】»”’"  # ends the sentence around an address
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def has_markup(text: str) -> bool:
    """Whether a text of no declared type holds a tag, and so has to be HTML."""
    return "<" in text and _MARKUP.search(text) is not None


def html_of_plain(text: str) -> str:
    r"""Paragraphs where lines are empty, a break at each other line end, links for web addresses.

    >>> html_of_plain("1 < 2\n\nsee https://a.example/.")
    '<p>1 &lt; 2</p><p>see <a href="https://a.example/">https://a.example/</a>.</p>'
    """
    return "".join(map(_paragraph, _paragraphs(text)))


def _paragraph(lines: list[str]) -> str:
    if _is_laid_out(lines):
        return f"<pre>{'<br>'.join(_linked(line.expandtabs(4)) for line in lines)}</pre>"
    return f"<p>{'<br>'.join(_linked(line.strip()) for line in lines)}</p>"


def html_of_undeclared(text: str) -> str:
    """As `html_of_plain` for a text without tags that may have HTML's entities all the same.

    A single line without an address needs nothing.
    """
    plain = unescape(text)
    return html_of_plain(plain) if "\n" in plain or _ADDRESS.search(plain) else text


def line_of_plain(text: str) -> str:
    r"""The text on one line; what were lines of a list stay apart.

    >>> line_of_plain("Programme\n\n10:00 Start\n12:00 Lunch")
    'Programme · 10:00 Start · 12:00 Lunch'
    """
    return joined(line.strip() for lines in _paragraphs(text) for line in lines)


def _paragraphs(text: str) -> Iterator[list[str]]:
    """The lines of each, with the spaces before them: of one that is wrapped a single one."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    for part in _PARAGRAPHS.split(lines.replace("\u2029", "\n\n").rstrip()):
        raw = [line.rstrip() for line in part.split("\n") if line.strip()]
        found = [line.strip() for line in raw]
        if found:
            wrapped = _is_wrapped(found) or _is_indented(raw)
            yield [" ".join(found)] if wrapped else dedent("\n".join(raw)).split("\n")


def _is_wrapped(lines: list[str]) -> bool:
    """Whether a program broke the lines: the next word would not have fitted into any of them."""
    widest = max(map(len, lines))
    if len(lines) < 2 or not NARROWEST_COLUMN <= widest <= WIDEST_COLUMN:
        return False
    return all(
        len(line) + 1 + len(following.split(maxsplit=1)[0]) > widest - 2
        for line, following in pairwise(lines)
    )


def _is_indented(lines: list[str]) -> bool:
    """Whether a program laid the lines out with the XML around them: all alike, and no code."""
    following = lines[1:]
    depths = {len(line) - len(line.lstrip()) for line in following}
    if len(depths) != 1 or depths == {0} or any(_CODE.search(line) for line in lines):
        return False
    return not any(_ITEM.match(line.lstrip()) for line in following)


def _is_laid_out(lines: list[str]) -> bool:
    """Whether spaces mean something: code, a table, a drawing of signs."""
    indented = lines[0][0].isspace() or any(
        _INDENT.match(line) and not _ITEM.match(line.lstrip()) for line in lines
    )
    return len(lines) > 1 and (indented or any(_COLUMNS.search(line) for line in lines))


def _linked(line: str) -> str:
    out: list[str] = []
    end = 0
    for found in _ADDRESS.finditer(line):
        address = _without_sentence(found[0])
        url = address if "//" in address[:8] else f"https://{address}"
        out += [escape(line[end : found.start()], quote=False)]
        out += [f'<a href="{escape(url)}">{escape(address, quote=False)}</a>']
        end = found.start() + len(address)
    return "".join([*out, escape(line[end:], quote=False)])


def _without_sentence(address: str) -> str:
    while address and (
        address[-1] in _AFTER
        or (
            address[-1] in _BRACKETS
            and address.count(address[-1]) > address.count(_BRACKETS[address[-1]])
        )
    ):
        address = address[:-1]
    return address
