"""A digest's style sheets and style attributes, made fit to stand one after another in one sheet.

In a mail each ends with itself, whatever it left open; in one sheet that would take in the next.
"""

import re

_IMPORT = re.compile(
    r"""@(?:import|charset)\b(?:"[^"\n]*"|'[^'\n]*'|url\([^)]*\)|[^;{}"'])*;?""", re.IGNORECASE
)
_OF_HTML = re.compile(r"<!--|-->|</")
"""What old mail programs were kept from a sheet by, and what could end it."""

_TOKENS = re.compile(
    r"""
      /\*(?:.*?(?P<comment>\*/)|.*)
    | "(?:\\.|[^"\\\n])*(?P<double>["\n])?
    | '(?:\\.|[^'\\\n])*(?P<single>['\n])?
    | url\(\s*(?!["'\s])(?:\\.|[^)\\])*(?P<url>\))?
    | \\.
    | (?P<opens>[({\[])
    | (?P<closes>[)}\]])
    """,
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_PAIRS = {"(": ")", "{": "}", "[": "]"}
_ENDS = {"/*": ("comment", "*/"), '"': ("double", '"'), "'": ("single", "'"), "u": ("url", ")")}
_TAKEN_IN = "#_{}"
"""A rule about nothing: a bracket that closes none takes the next rule with it."""


def fit_sheet(css: str) -> str:
    """A sheet without what it would fetch, that leaves nothing open."""
    return closed(_OF_HTML.sub("", _IMPORT.sub("", css)).strip())


def closed(css: str) -> str:
    r"""The same with all closed that it leaves open, as it is read where it stands alone.

    >>> closed("background:url("), closed("@media print{p{color:red}"), closed("color:red\\")
    ('background:url()', '@media print{p{color:red}}', 'color:red')
    """
    css = css[:-1] if len(css) % 2 != len(css.rstrip("\\")) % 2 else css
    ends: list[str] = []
    last, is_astray = "", False
    for token in _TOKENS.finditer(css):
        last = _end_of(token)
        if found := token["opens"]:
            ends.append(_PAIRS[found])
        elif found := token["closes"]:
            is_astray = is_astray or found not in ends
            ends = ends[: _last_of(found, ends)]
    return css + last + "".join(reversed(ends)) + (_TAKEN_IN if is_astray and "{" in css else "")


def _end_of(token: re.Match[str]) -> str:
    """What ends a comment, a text or an address that goes on to the end, else empty."""
    text = token[0].lower()
    for start, (group, end) in _ENDS.items():
        if text.startswith(start):
            return "" if token[group] else end
    return ""


def _last_of(end: str, ends: list[str]) -> int:
    """Where the bracket stands that this one closes; after all of them if there is none."""
    return next((at for at in reversed(range(len(ends))) if ends[at] == end), len(ends))
