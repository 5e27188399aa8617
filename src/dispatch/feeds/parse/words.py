"""What a feed says in a line, as plain text: HTML or not is judged here, for titles and names."""

import re
from collections.abc import Iterable
from enum import Enum
from html import unescape

from dispatch.feeds.clean.html import text_of
from dispatch.feeds.clean.plain import has_markup, line_of_plain

LONGEST_TEXT = 20_000  # of HTML that becomes a title or a summary
LONGEST_BYLINE = 1_000


class Kind(Enum):
    """What the format says about a text."""

    HTML = "HTML"
    TEXT = "plain text"
    UNSAID = "nothing"


_INLINE = frozenset(
    {
        *("a", "abbr", "b", "big", "br", "cite", "code", "del", "div", "em", "font", "h1", "h2"),
        *("h3", "i", "img", "ins", "kbd", "mark", "p", "q", "s", "small", "span", "strike"),
        *("strong", "sub", "sup", "tt", "u", "var", "wbr"),
    }
)
# RSS does not say what a summary is; these in it are surely not meant to be read.
_MARKUP = re.compile(
    r"</?(?:a|b|br|code|em|i|p|span|strong|sub|sup|u)/?(?:\s[^<>]*)?>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,24}\d{0,2});", re.IGNORECASE)
_SIGN = re.compile(r"<(?:(/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)(/?)>|!)?", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!--|!doctype\b|html\b)", re.IGNORECASE)
# Not what begins with "@": that is somebody's name in a network.
_ADDRESS = re.compile(
    r"(?:mailto:\s*)?(?<![^\s()<>\[\],;:\"'])[^\s()<>\[\],;:\"'@][^\s()<>\[\],;:\"']*@[^\s()<>\[\],;:\"']*"
    r"|mailto:",
    re.IGNORECASE,
)
_SPACED_ADDRESS = re.compile(r"[\w.+-]{1,64}\s{0,3}@\s{0,3}[\w-]{1,64}\.\w")
_HANDLE = re.compile(r"(?<![^\s(\[])@\w[\w.-]*(?:@[\w-]+(?:\.[\w-]+)+)?")
_NAME_AFTER = re.compile(rf"({_ADDRESS.pattern})\s*\(([^()@]*)\)", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_NOTHING_IN_IT = re.compile(r"[(\[<][\s,;:]*[)\]>]")


def words_of_line(value: str, kind: Kind) -> str:
    """A title or a name: tags that mark it up are taken out, tags that it speaks of stay.

    Entities are decoded once, unless the format says that there are none. A tag that encloses
    something, stands close to it or has attributes is markup; beside spaces or alone it is a word.

    >>> words_of_line("Why I <i>love</i> <b> &amp; <canvas>", Kind.UNSAID)
    'Why I love <b> & <canvas>'
    >>> words_of_line("2 < 3 &amp; 4", Kind.TEXT)
    '2 < 3 &amp; 4'
    """
    near = value[:LONGEST_TEXT]
    decodes = kind is not Kind.TEXT and "&" in near and _ENTITY.search(near) is not None
    if "<" not in near:
        return unescape(near) if decodes else near
    tags = [sign for sign in _SIGN.finditer(near) if sign[2]]
    named = {
        side: {tag[2].lower() for tag in tags if bool(tag[1]) is side} for side in (False, True)
    }
    pairs = named[False] & named[True]
    meant = {tag.start() for tag in tags if _marks_up(tag, near, pairs, kind)}
    if kind is Kind.HTML and _PAGE.search(near):
        return text_of(near)
    if not (meant or decodes):
        return near

    def escaped(sign: re.Match[str]) -> str:
        stays = sign.start() in meant or sign[0] == "<!"
        return sign[0] if stays else f"&lt;{sign[0][1:]}"

    return text_of(_SIGN.sub(escaped, near))


def words_of_text(value: str, *, is_html: bool, may_have_lines: bool = False) -> str:
    """A summary or a notice, entities decoded once; no longer than any field may be.

    Where a text `may_have_lines`, those of a list stay apart on the one line that comes out.
    """
    near = value[:LONGEST_TEXT]
    if may_have_lines and "\n" in near and not has_markup(near):
        return line_of_plain(unescape(near) if is_html else near)
    return text_of(near) if is_html or _MARKUP.search(near) else near


def names_in(bylines: Iterable[str]) -> tuple[str, ...]:
    """The names in such lines, in their order."""
    return tuple(filter(None, map(name_in, bylines)))


def name_in(byline: str) -> str:
    """The name in a line that may have the address of a mailbox, too; empty if it has no name.

    An address is never shown as a name: its owner gave it to the feed's readers, not to ours.

    >>> name_in("Ada (mailto:ada@b.example)"), name_in("ada@b.example (Ada)"), name_in("ada@b")
    ('Ada', 'Ada', '')
    """
    line = words_of_line(byline[:LONGEST_BYLINE], Kind.UNSAID)
    if "@" not in line and "mailto:" not in line.lower():
        return line
    line = _TAG.sub(" ", line) if "=" in line else line
    line = _NAME_AFTER.sub(r"\2", line)
    rest = _NOTHING_IN_IT.sub("", _ADDRESS.sub("", line)).strip(' \t\n,;:"|–—-/')
    if rest.count("(") != rest.count(")"):
        rest = rest.strip(' ()<>[],;:"')
    elif rest[:1] + rest[-1:] == "()":
        rest = rest[1:-1]
    return "" if _SPACED_ADDRESS.search(_HANDLE.sub("", rest)) else rest.strip(' <>[]"')


def _marks_up(tag: re.Match[str], line: str, pairs: set[str], kind: Kind) -> bool:
    name, has_attributes = tag[2].lower(), "=" in tag[3]
    if name not in _INLINE and not (kind is Kind.HTML and (has_attributes or name in pairs)):
        return False
    if has_attributes and (kind is Kind.HTML or name == "img" or name in pairs):
        return True
    return bool(tag[4]) or _is_close(tag, line, name in pairs)


def _is_close(tag: re.Match[str], line: str, is_pair: bool) -> bool:
    before, after = line[: tag.start()][-1:], line[tag.end() :][:1]
    if tag[2].lower() in ("br", "wbr"):
        return not (before.isspace() and (after.isspace() or not after))
    if tag[1]:  # it ends something
        return bool(before) and not before.isspace()
    return bool(after) and (after.isalnum() or (is_pair and not after.isspace()))
