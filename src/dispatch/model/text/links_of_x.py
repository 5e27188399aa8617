"""What X takes for a link, which costs 23 there: also one without a protocol, by its top domain.

Its rule is twitter-text's (source: https://github.com/twitter/twitter-text), whose list of all top
domains is not here. So there are links that are sure, and those that may be some: these cost the
more of both (docs/adr/0108-links-as-x-has-them.md).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from dispatch.model.text.graphemes import graphemes
from dispatch.model.text.top_domains import NO_TOP_DOMAINS, TOP_DOMAINS

LONGEST = 4_096
"""Code points of a link; X takes no longer one."""

_LONGEST_TOP = 12  # of those of other letters that we know
_WINDOW = 40  # code points of a character, as far as it is looked at
_LONGEST_SHORTENED = 40  # of what follows https://t.co/

_LATIN = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f"
    "\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NO_NAME = rf"\s\x00-\x1f\x7f!-/:-@\[-`{{-~{_TURNING}\u180e\ufeff\ufffe\uffff"
# All letters that a name may have, with dots and hyphens between; each run is looked at once.
_HOST = re.compile(rf"(?:[^{_NO_NAME}]|[._-])+")
_PROTOCOL = re.compile(r"https?://\Z", re.IGNORECASE)
_TOP = re.compile(r"xn--[a-z0-9-]+|[a-z0-9]+", re.IGNORECASE)
_JOINED = re.compile(r"[A-Za-z0-9@+-]")
# An accent first may be what X has looked at before a link; then it costs one more.
_ASCII = re.compile(
    rf"[A-Za-z0-9][A-Za-z0-9_{_LATIN}-]*\.(?:[A-Za-z0-9_{_LATIN}-]+\.)*((?:[^{_NO_NAME}]|-)+)"
)
_HAS_ASCII = re.compile(r"[A-Za-z0-9]")
_ACCENTED = re.compile(f"[{_LATIN}]")
_PORT = r"(?::[0-9]+)?"
_CHAR = rf"[A-Za-z0-9\u0400-\u052f!*';:=+,.$/%#\[\]_~&|@\u002d\u2013{_LATIN}]"
_PATH = rf"(?:/(?:{_CHAR}|\((?:{_CHAR}*+\({_CHAR}++\){_CHAR}*+|{_CHAR}++)\))*+)?"
_QUERY = r"(?:\?[A-Za-z0-9!?*'();:&=+$/%#\[\]_.,~|@-]*+)?"
_REST = re.compile(f"{_PORT}({_PATH})({_QUERY})")
_SHORTENED = re.compile(rf"(/[A-Za-z0-9]+){_QUERY}")
_NOT_AT_THE_END = "!*';:,.$%[]~&|@\u2013"
_NOT_AT_THE_END_OF_A_QUERY = "!?*'();:+$%[].,~|@"


@dataclass(frozen=True, slots=True)
class LinkOfX:
    """A link, and how far X takes it for one at least; `is_sure`: it does so without doubt.

    X takes more of it where it knows a name that we do not. No character is parted at its end.
    """

    start: int
    end: int
    least: int
    is_sure: bool


class Tops(NamedTuple):
    """Where names of the top end in a host: the last of those that are sure, or else the first.

    And the last of all that may be one. 0: there is none.
    """

    first: int
    last: int
    is_sure: bool


def links_of_x(text: str) -> Iterator[LinkOfX]:
    """The links of a text, in order."""
    done = 0
    while host := _HOST.search(text, done) if "." in text else None:
        start, end = host.span()
        follows_link, done = 0 < start == done, end
        if "." not in host[0]:
            continue
        protocol = _PROTOCOL.search(text, max(0, start - 8), start)
        if protocol and not follows_link:
            found = _with_protocol(text, protocol.start(), start, end)
        else:
            found = _without_protocol(text, start, end, follows_link=follows_link)
        if found:
            yield found
            done = found.end


def _with_protocol(text: str, start: int, host: int, end: int) -> LinkOfX | None:
    return _link(text, start, _tops(text, host, end)) if _may_follow(text, start) else None


def _without_protocol(text: str, start: int, end: int, *, follows_link: bool) -> LinkOfX | None:
    """The first of an ASCII name in a host, which may stand among letters of other scripts."""
    if not follows_link and (text[start] in "-_." or text[max(0, start - 1)] in "-_./"):
        return None
    follows = follows_link or _may_follow(text, start)
    place = start
    while found := _ASCII.search(text, place, end):
        place = found.start(1)
        if found.start() == start and not follows:
            continue
        if link := _link(text, found.start(), _tops(text, *found.span(), bare=True), bare=True):
            return link
    return None


def _link(text: str, start: int, tops: Tops, *, bare: bool = False) -> LinkOfX | None:
    if not tops.last:
        return None
    end = _whole(text, start, tops.last, needs_path=bare)
    if not end or end - start > LONGEST:
        return None
    least = end if tops.first == tops.last else tops.first
    after = text[end : end + _WINDOW]
    if after[:1] > "\x7f":
        end += len(next(graphemes(text[end - 1] + after))) - 1
    return LinkOfX(start, end, least, tops.is_sure)


def _may_follow(text: str, start: int) -> bool:
    before = text[start - 1] if start else " "
    return not (before.isascii() and before.isalnum()) and before not in "@＠$#＃\ufffe\ufeff\uffff"


def _tops(text: str, start: int, end: int, *, bare: bool = False) -> Tops:
    """Where X may see the end of a host; 0: nowhere."""
    first = last = 0
    is_sure = False
    before, place = "_", start
    for label in text[start:end].split("."):
        top = (
            _top(label, text[place + len(label) : place + len(label) + 1])
            if "_" not in before
            else ""
        )
        name = top.lower()
        if name in TOP_DOMAINS or name.startswith("xn--"):
            first = last = place + len(top)
            is_sure = True
        elif top and not (bare and top.isascii() and (len(name) < 3 or name in NO_TOP_DOMAINS)):
            last = place + len(top)
            first = first or last
        if not _is_label(label):
            break
        place += len(label) + 1
        before = label
    return Tops(first, last, is_sure)


def _top(label: str, after: str) -> str:
    """What of a label may be a name of the top; nothing that X would join to it may follow."""
    if found := _TOP.match(label):
        top = found[0]
        if "--" in top:
            return top
        joined = _JOINED.match(label[len(top) :] + after)
        return top if len(top) > 1 and top.isalpha() and not joined else ""
    if label[:1].isascii() or _ACCENTED.match(label):
        return ""
    for size in range(min(len(label), _LONGEST_TOP), 1, -1):
        if label[:size] in TOP_DOMAINS and not _JOINED.match(label[size:] + after):
            return label[:size]
    return "" if _HAS_ASCII.search(label + after[:1].strip()) else label


def _is_label(label: str) -> bool:
    """Whether it may stand in a name: in ASCII, by RFC 3492, it has 63 letters at most."""
    if not label or label[0] in "-_" or label[-1] in "-_" or len(label) > 63:
        return False
    if label.isascii():
        return True
    name = label.lower()
    return not name.startswith("xn--") and len(name.encode("punycode")) + 4 <= 63


def _whole(text: str, start: int, end: int, *, needs_path: bool = False) -> int:
    """Where a link ends whose host ends there, without what ends a sentence; 0: it is none."""
    shortened = _SHORTENED.match(text, end) if text[start:end].lower().endswith("//t.co") else None
    if shortened and shortened.end(1) - end > _LONGEST_SHORTENED + 1:
        return 0
    rest = _REST.match(text, end, shortened.end() if shortened else end + LONGEST)
    path = rest[1].rstrip(_NOT_AT_THE_END) if rest else ""
    if rest is None or (needs_path and not path):
        return end
    end = rest.start(1) + len(path)
    if len(path) < len(rest[1]):
        return end
    return end + len(rest[2].rstrip(_NOT_AT_THE_END_OF_A_QUERY))
