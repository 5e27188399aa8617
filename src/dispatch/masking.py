"""Taking secrets out of what others say before it is shown; the one place that knows their forms.

A server may repeat a password in its own words, or as it was sent to it: in base64 (with the user's
name before it, as HTTP and SMTP want it), percent-encoded, escaped as JSON or HTML, in
another case, broken over lines. All of that counts as the password.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html.entities import codepoint2name

MASK = "***"

PIECE = 1_000
"""Characters of a secret that are looked for together; a longer one is looked for in pieces."""

FOLD = 20
"""White space that a line is broken with, at most; more would take long to look for."""

_SHORTEST = 4  # letters of base64 by which a secret inside something longer is known
_ENCODINGS = ("utf-8", "latin-1", "utf-16-le")
_BEFORE, _AFTER = re.compile(r"[A-Za-z0-9+/_%-]"), re.compile(r"[A-Za-z0-9+/_=%-]")
_LETTERS = {"+": r"(?:\+|-|%2B)", "/": r"(?:/|_|%2F)"}  # also base64url, and in an address


def masked(text: str, *secrets: str, username: str = "") -> str:
    """The text with MASK in place of the secrets, in whatever form they stand there.

    A `username` that goes with them is needed only to know passwords of less than 4 letters in
    base64: longer ones are known wherever they stand inside something encoded.

    >>> masked("535 no such login: AGFkYQBodW50ZXIyMg==", "hunter22")
    '535 no such login: ***'
    >>> masked("GET /?pass=s%20p%26a", "s p&a")
    'GET /?pass=***'
    """
    spans: list[tuple[int, int]] = []
    for piece in _pieces(secrets):
        plain, encoded = _patterns(piece, username)
        spans += (found.span() for found in plain.finditer(text))
        spans += _whole(text, encoded.finditer(text))
    parts: list[str] = []
    end = 0
    for start, stop in sorted(spans):
        if start > end or not parts:
            parts += text[end:start], MASK
        end = max(end, stop)
    return "".join([*parts, text[end:]])


def _pieces(secrets: Iterable[str]) -> Iterator[str]:
    for secret in filter(None, secrets):
        pieces = max(len(secret) // PIECE, 1)  # so that none is short, the last is up to two
        for number in range(pieces):
            end = (number + 1) * PIECE if number + 1 < pieces else None
            yield secret[number * PIECE : end]


@lru_cache(maxsize=64)
def _patterns(secret: str, username: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """How the secret is written in letters, and how in base64."""
    forms = ["".join(map(_spellings, re.findall(r"\s+|\S", secret)))]
    hexadecimal = secret.encode(errors="replace").hex()
    if len(hexadecimal) >= 2 * _SHORTEST:
        forms.append(hexadecimal)
    encoded = sorted(set(_in_base64(secret, username)), key=len, reverse=True)
    # Broken over lines it is the same. Case counts here: in another it says something else.
    fold = rf"\s{{0,{FOLD}}}"
    letters = (fold.join(_LETTERS.get(one, one) for one in form) for form in encoded)
    return re.compile("|".join(forms), re.IGNORECASE), re.compile("|".join(letters) or r"(?!)")


def _spellings(letter: str) -> str:
    """A letter, or the space between words, as it is, and as addresses, JSON and HTML write it."""
    if letter.isspace():
        return rf"(?:\s{{1,{FOLD}}}|(?:\+|%20|%09|%0[ad]|\\[tnr]){{{len(letter)}}})"
    code = ord(letter)
    forms = [
        "".join(f"%{byte:02x}" for byte in letter.encode(errors="replace")),
        "".join(rf"\\u{unit:04x}" for unit in _utf_16(letter)),
        f"&#(?:0*{code}|x0*{code:x});",
    ]
    if letter in "\"\\/'":
        forms.append(re.escape(f"\\{letter}"))
    if code in codepoint2name or letter == "'":
        forms.append(f"&{codepoint2name.get(code, 'apos')};")
    return f"(?:{'|'.join(forms)}|{re.escape(letter)})"


def _utf_16(letter: str) -> Iterator[int]:
    units = letter.encode("utf-16-be", "surrogatepass")
    return (int.from_bytes(units[at : at + 2]) for at in range(0, len(units), 2))


def _in_base64(secret: str, username: str) -> Iterator[str]:
    """The letters that stand in base64 whatever is encoded with the secret, before it or after it.

    Three bytes make four letters, so that a secret looks different after 0, 1 and 2 bytes, and
    its first and last letter depend on its neighbours.
    """
    for content in _encoded(secret):
        for before, mixed in ((0, 0), (1, 2), (2, 3)):
            letters = _letters(b"\0" * before + content)
            last = -1 if (before + len(content)) % 3 else None
            if len(core := letters[mixed:last]) >= _SHORTEST:
                yield core
    for whole in (secret, f"{username}:{secret}", f"\0{username}\0{secret}"):
        yield from (one for one in map(_letters, _encoded(whole)) if len(one) >= _SHORTEST)


def _encoded(text: str) -> Iterator[bytes]:
    for encoding in _ENCODINGS:
        try:
            yield text.encode(encoding)
        except UnicodeEncodeError:
            continue


def _letters(content: bytes) -> str:
    return base64.b64encode(content).decode().rstrip("=")


def _whole(text: str, cores: Iterable[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """All of the encoded text around a part of it: what is left would tell the rest."""
    end = 0
    for core in cores:
        start, stop = core.span()
        if stop <= end:
            continue
        while start > end and _BEFORE.match(text[start - 1]):
            start -= 1
        while stop < len(text) and _AFTER.match(text[stop]):
            stop += 1
        yield start, stop
        end = stop
