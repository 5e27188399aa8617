"""Addresses of feeds and in feeds: made absolute, and shown without their secrets."""

import re
from urllib.parse import urljoin, urlsplit

# What mail programs and browsers open without fail; longer is data, not a link.
LONGEST_LINK = 2_048

_USERINFO = re.compile(r"(?<=//)[^/?#\s]*@")
_BROKEN_USERINFO = re.compile(r"(?<=//)\S*@")
_SECRET_VALUE = re.compile(
    r"([?&;][^=&;#]*(?:token|key|secret|auth|pass|sig)[^=&;#]*=)[^&;#]*", re.IGNORECASE
)
# What needs no mending: `absolute` is asked some 40 times for each post.
_PLAIN = re.compile(
    r"https?://[a-zA-Z0-9][a-zA-Z0-9.-]*/[\w.~/%=+,:@-]*(?:\?[\w.~/%&=+-]+)?", re.ASCII
)
_SCHEME_TWICE = re.compile(r"^https?://(https?)(?:://|//|%3A//)", re.IGNORECASE)
_UNSAFE = re.compile(r"""[\x00-\x20"'<>\\^`{|}\x7f-\x9f\ud800-\udfff\ufffe\uffff]""")


def shown(url: str) -> str:
    """The address as a message may print it: on one line, without passwords and tokens.

    >>> shown("https://ada:s3cret@example.org/feed?token=abc&page=2")
    'https://example.org/feed?token=***&page=2'
    """
    line = " ".join(_SECRET_VALUE.sub(r"\1***", without_credentials(url[:LONGEST_LINK])).split())
    return line if len(line) <= 200 else line[:199] + "…"


def has_credentials(url: str) -> bool:
    """Whether a name or password stands in the address."""
    return _USERINFO.search(url) is not None


def without_credentials(url: str) -> str:
    """The address without the name and password before its host.

    >>> without_credentials("https://ada:s3cret@example.org/@ada")
    'https://example.org/@ada'
    """
    try:
        urlsplit(url).port  # noqa: B018 - reading it is what checks it
    except ValueError:  # a password with a slash in it ends the host too early
        return _BROKEN_USERINFO.sub("", url)
    return _USERINFO.sub("", url)


def absolute(link: str, base: str) -> str:
    """The http(s) address that `link` means on a page at `base`; empty if it means none.

    >>> absolute("../p?a=1", "https://example.org/blog/feed.xml")
    'https://example.org/p?a=1'
    >>> absolute("javascript:alert(1)", "https://example.org/")
    ''
    >>> absolute("http://https://example.org/p", "")
    'https://example.org/p'
    """
    if len(link) <= LONGEST_LINK and _PLAIN.fullmatch(link) and not _SCHEME_TWICE.match(link):
        return link
    try:
        joined = urljoin(base, _SCHEME_TWICE.sub(r"\1://", link.strip()))
        parts = urlsplit(joined)
        usable = bool(link.strip() and parts.hostname) and parts.scheme in ("http", "https")
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:  # such as an IPv6 address without its bracket
        return ""
    joined = _UNSAFE.sub(_percent, joined)
    return joined if usable and len(joined) <= LONGEST_LINK else ""


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8", "replace"))
