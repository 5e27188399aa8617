"""Addresses in the headers and reports of mails that come back."""

import re
from collections.abc import Iterable

MOST_ADDRESSES = 50

# As loose as reports are: what people have as addresses is checked where they come in.
_ADDRESS = re.compile(
    r"(\"(?:[^\"\\\r\n]|\\.){1,64}\"|[^\s\x00-\x1f\x7f<>@\"(),:;\[\]\\（）「」『』【】〈〉《》、。，：；]{1,128})@(\[[\d.a-fA-F:IPv]{2,50}\]"
    r"|[\w.-]{1,255})"
)
_TYPED = re.compile(r"\s*([\w!#$&+^-]{1,40})\s*;\s*(.*)", re.DOTALL)
_ROUTE = re.compile(r"^<?@[^:<>\s]{1,300}:")
_UNICODE = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_TOKEN = re.compile(r"[a-z0-9_=.-]{4,64}")


def addresses_in(texts: Iterable[str]) -> list[str]:
    """All addresses that stand in some texts, each once, as they are written.

    >>> addresses_in(["Ada <ada@one.example>, <bob@two.example>", "ada@one.example"])
    ['ada@one.example', 'bob@two.example']
    """
    found: dict[str, None] = {}
    for text in texts:
        for one in _ADDRESS.finditer(text):
            found[one[0].strip("'").rstrip(".-")] = None
            if len(found) >= MOST_ADDRESSES:
                return list(found)
    return list(found)


def typed_address(value: str) -> str:
    r"""The address in a recipient's field of a report; empty where it is none of mail.

    >>> typed_address("rfc822;<ada@one.example> (unknown)")
    'ada@one.example'
    >>> typed_address(r"utf-8; \x{7528}\x{6237}@example.org")
    '用户@example.org'
    >>> typed_address("x400; /S=ada/C=GB/")
    ''
    """
    typed = _TYPED.fullmatch(value)
    kind, written = (typed[1].lower(), typed[2]) if typed else ("rfc822", value)
    if kind == "x400":
        return ""
    if kind == "utf-8":
        written = _UNICODE.sub(_letter, written)
    if "@" not in written:
        written = _XTEXT.sub(lambda found: chr(int(found[1], 16)), written)
    return next(iter(addresses_in([_ROUTE.sub("", written.strip())])), "")


def tokens_in(addresses: Iterable[str]) -> list[str]:
    """What stands behind the first plus of local parts, in small letters, where it may be a token.

    >>> tokens_in(["Bounces+AbC2345@example.org", "ada@example.org"])
    ['abc2345']
    """
    details = (one.rpartition("@")[0].partition("+")[2].lower() for one in addresses)
    return list(dict.fromkeys(one for one in details if _TOKEN.fullmatch(one)))


def _letter(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 and code > 32 else ""
