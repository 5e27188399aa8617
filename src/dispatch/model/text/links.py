"""Links and mentions in a text, as far as every service takes them for that.

Where services do not agree on what belongs to a link, the shorter one is taken: what is outside
costs more. X has rules of its own (`links_of_x.py`).
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

LONGEST_PIECE = 4_000
"""Code points of a link or a mention, by the bounds below."""

# Mastodon's own rule is that of twitter-text, with the characters of other scripts. Lengths have
# bounds, as a text of nothing but beginnings of links would take its length squared.
_HOST = r"(?:[\w-]{1,63}\.){0,20}(?:[a-z0-9-]{1,63}|[^\W_a-z0-9]{1,63})"
_LINK = (
    rf"(?<![A-Za-z0-9@＠$#＃])https?://{_HOST}(?::[0-9]{{1,5}})?"
    r'(?:[/?][^\s<>"{}\\`…、。！？「」『』（）]{0,2048})?'
)
_MENTION = (
    r"(?<![=/\w])@[a-z0-9_](?:[a-z0-9_.-]{0,99}[a-z0-9_])?"
    r"(?:@[a-z0-9](?:[a-z0-9.-]{0,249}[a-z0-9])?)?"
)
_EITHER = re.compile(f"(?P<link>{_LINK})|{_MENTION}", re.IGNORECASE)
_PUBLIC = re.compile(r"https?://(?:[\w-]+\.)+[^\W0-9_]", re.IGNORECASE)
_BRACKET = re.compile("[()]")
_START = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
_NOT_INSIDE = re.compile(r'[\s<>"{}\\`^|…、。！？「」『』（）]')
_SAYS_NOTHING = "?#&="  # at the end of an address
_NOT_AT_THE_END = "?!*\"'<>;:=,.$%[]~&|@"


def links_in(text: str) -> list[str]:
    """The links of a text, as far as every service takes them for links.

    >>> links_in("See (https://a.example/b), @ada@social.example.")
    ['https://a.example/b']
    """
    return [text[start:end] for start, end, is_link in links_and_mentions(text) if is_link]


def whole_link(link: str) -> str:
    """The same address, written so that every service takes all of it for the link.

    A service leaves out a full stop at the end, or a bracket that nothing opens, and then the link
    leads nowhere.

    >>> whole_link("https://a.example/b_(c)"), whole_link("https://a.example/b (c).")
    ('https://a.example/b_(c)', 'https://a.example/b%20(c)%2E')
    """
    if links_in(link) == [link] or not (found := _START.match(link)):
        return link
    start, rest = found[0], _NOT_INSIDE.sub(_quoted, link[found.end() :])
    rest = rest.rstrip(_SAYS_NOTHING)
    end = len(rest.rstrip(_NOT_AT_THE_END))
    rest = rest[:end] + "".join(f"%{ord(sign):02X}" for sign in rest[end:])
    if links_in(start + rest) != [start + rest]:
        rest = _BRACKET.sub(_quoted, rest)
    return start + rest


def _quoted(found: re.Match[str]) -> str:
    return quote(found[0], safe="")


def is_public(link: str) -> bool:
    """Whether its host has a name of the web: services know no others for links."""
    return _PUBLIC.match(link) is not None


def links_and_mentions(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where each starts and ends, in order, and whether it is a link."""
    place = 0
    while found := _EITHER.search(text, place):
        start, place = found.span()
        is_link = found["link"] is not None
        if is_link:
            place = start + _length_of_link(found[0])
        yield start, place, is_link


def _length_of_link(link: str) -> int:
    """Without brackets that it does not open and close, nor what ends a sentence."""
    opened: list[int] = []
    end = len(link)
    if "(" not in link and ")" not in link:
        return len(link.rstrip(_NOT_AT_THE_END))
    for bracket in _BRACKET.finditer(link):
        if bracket[0] == "(":
            opened.append(bracket.start())
        elif opened:
            opened.pop()
        else:
            end = bracket.start()
            break
    return len(link[: min(opened, default=end)].rstrip(_NOT_AT_THE_END))
