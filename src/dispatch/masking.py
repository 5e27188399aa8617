"""Hiding secrets in words that somebody else wrote; the one place that knows how they are repeated.

A server may repeat a password in its own words, or as it was sent to it: in base64 (with the user's
name before it, as HTTP and SMTP want it) or base32, in hexadecimal digits, percent-encoded, escaped
as JSON, HTML, C or quoted-printable, in wide letters or another case, broken over lines, or cut
off. All of that counts as the password; `docs/explanation/threat-model.md` has the list.
"""

import html
import re
from base64 import b32encode, b64encode
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from urllib.parse import unquote_to_bytes

HIDDEN = "***"

TELLING = 8
"""So many letters of a secret in a row are hidden, also where the rest of it is missing."""

TELLING_DIGITS = 16
"""The same of its bytes in hexadecimal digits, as less of them may be any number."""

LEAST_DIGITS = 8
"""Of a secret that has fewer bytes than that: all of them together."""

LEAST_OF_CODE = 4
"""Letters of base64 that are the secret's alone, where it is in the midst of something longer."""

ENCODED_TWICE = 200
"""Letters of a secret that is looked for in base64 of its base64 as well."""

ALL_FORMS = 2_000
"""Letters of a secret that is looked for in every form; a longer one is a key, and no password."""

_PERCENT = r"(?:%[0-9a-f]{2})+"
_HTML = r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d?);"
_JSON = r"(?:\\u[0-9a-f]{4})+|\\."
_ESCAPES = tuple(
    re.compile(escape, re.IGNORECASE)
    for escape in (_PERCENT, _HTML, _JSON, f"{_PERCENT}|{_HTML}|{_JSON}")
)
_DIGITS = r"[0-9a-f]{2}"
_OF_BYTES = tuple(
    (re.compile(run, re.IGNORECASE), re.compile(unit, re.IGNORECASE), base)
    for run, unit, base in (
        (rf"(?:\\x{_DIGITS})+", rf"\\x({_DIGITS})", 16),
        (r"(?:\\[0-3][0-7]{2})+", r"\\([0-3][0-7]{2})", 8),
        (rf"(?:=(?:{_DIGITS}|[ \t]*\r?\n))+", rf"=({_DIGITS})", 16),
        (
            rf"\b(?:0x)?{_DIGITS}(?:[\s:;,._-]{{1,4}}(?:0x)?{_DIGITS}){{3,}}\b",
            rf"(?:0x)?({_DIGITS})",
            16,
        ),
    )
)
"""Ways to write a text byte by byte: C, octal, quoted-printable, and digits in pairs. Of each: what
a run of them looks like, what one does, and the base of its number."""
_UNCOUNTED = re.compile(
    "[\\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_NARROW = {0xFEE0 + code: code for code in range(0x21, 0x7F)}
"""Wide letters, as in East Asian texts, to those that everybody types."""

_MAY_BE_ESCAPED = re.compile(r"[%&\\]")
_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}

Letter = tuple[str, int, int]
"""A letter, and from where to where the text spells it."""


class Mask:
    """Called with a text, gives it without the secret, in whatever form it stands there.

    Capital and small letters count as the same, and blanks and control characters do not count at
    all. Of a secret in which nothing else is, each of them is hidden but for blanks. `also` are
    texts to be hidden where they are whole.

    >>> hide = Mask("correct horse")
    >>> hide("no user with Correct Horse or Y29ycmVjdCBob3JzZQ here, only with correct h")
    'no user with *** or *** here, only with ***'
    >>> hide("GET /?pass=correct%20horse&next=1")
    'GET /?pass=***&next=1'

    Also where it is a part of what was encoded, as in what AUTH PLAIN says:

    >>> hide("AHVzZXIAY29ycmVjdCBob3JzZQ=="), hide("250 ok"), Mask("")("250 ok")
    ('AHVzZXIA***==', '250 ok', '250 ok')
    """

    __slots__ = ("_pieces", "_unseen")

    def __init__(self, secret: str, *also: str) -> None:
        self._pieces: dict[int, set[str]] = {}  # by their length
        self._unseen = frozenset() if _folded(secret) else frozenset("".join(secret.split()))
        for form, telling in _forms(secret):
            self._add(form, telling)
        for form in also:
            self._add(form, len(form))

    def __call__(self, text: str) -> str:
        hidden = (
            {at for at, one in enumerate(text) if one in self._unseen} if self._unseen else set()
        )
        if self._is_told(_folded(text)):
            written = [(one, at, at + 1) for at, one in enumerate(text) if _counts(one)]
            hidden.update(self._places(written))
        if _MAY_BE_ESCAPED.search(text):
            for escape in _ESCAPES:
                meant = [one for one in _meant(text, escape) if _counts(one[0])]
                hidden.update(self._places(meant))
        for run, unit, base in _OF_BYTES:
            if run.search(text):
                meant = [one for one in _spelled(text, run, unit, base) if _counts(one[0])]
                hidden.update(self._places(meant))
        if not hidden:
            return text
        shown = []
        for at, letter in enumerate(text):
            if at not in hidden:
                shown.append(letter)
            elif at - 1 not in hidden:
                shown.append(HIDDEN)
        return "".join(shown)

    def __repr__(self) -> str:
        return f"Mask({HIDDEN})"

    def _add(self, form: str, telling: int) -> None:
        letters = _folded(form)
        length = min(len(letters), telling)
        if length:
            starts = range(len(letters) - length + 1)
            pieces = self._pieces.setdefault(length, set())
            pieces.update(letters[start : start + length] for start in starts)

    def _places(self, letters: Sequence[Letter]) -> Iterator[int]:
        """The places in the text where pieces of the secret are spelled, and what is amid them."""
        for start, end in self._found(_folded("".join(letter for letter, _, _ in letters))):
            yield from range(letters[start][1], letters[end - 1][2])

    def _is_told(self, letters: str) -> bool:
        # Asked of every answer of a mail server, so it has to be quick.
        return any(
            not pieces.isdisjoint(
                [letters[at : at + length] for at in range(len(letters) - length + 1)]
            )
            for length, pieces in self._pieces.items()
        )

    def _found(self, letters: str) -> Iterator[tuple[int, int]]:
        for length, pieces in self._pieces.items():
            for end in range(length, len(letters) + 1):
                if letters[end - length : end] in pieces:
                    yield end - length, end


def masked(text: str, *secrets: str, username: str = "") -> str:
    """The text without these secrets.

    A `username` that goes with them is needed only to know passwords of a few letters in base64:
    longer ones are known wherever they stand in something encoded.

    >>> masked("535 no such login: bWU6cHc=", "pw", username="me")
    '535 no such login: ***='
    """
    for secret in filter(None, secrets):
        text = _mask(secret, username)(text)
    return text


@lru_cache(maxsize=64)
def _mask(secret: str, username: str) -> Mask:
    return Mask(secret, *_with_user(username, secret))


def _with_user(username: str, secret: str) -> Iterator[str]:
    for both in (f"{username}:{secret}", f"\0{username}\0{secret}"):
        yield from map(_code, _encoded(both))


def _folded(text: str) -> str:
    """The letters that count, in small; one for each of them."""
    if text.isascii() and text.isprintable():
        return text.replace(" ", "").lower()  # nearly always
    letters = _UNCOUNTED.sub("", text).translate(_NARROW)
    # Of some letters beyond ASCII the small one is two.
    return letters.lower() if letters.isascii() else "".join(one.lower()[:1] for one in letters)


def _counts(letter: str) -> bool:
    return not _UNCOUNTED.match(letter)


def _meant(text: str, escape: re.Pattern[str]) -> Iterator[Letter]:
    """The letters that a text means whose letters may be written in another way."""
    done = 0
    for found in escape.finditer(text):
        start, end = found.span()
        yield from ((text[at], at, at + 1) for at in range(done, start))
        match text[start : start + 2]:
            case percent if percent[0] == "%":
                yield from _of_bytes(unquote_to_bytes(found[0]), start)
            case "\\u" if end - start >= 6:
                yield from _of_units(bytes.fromhex(found[0].replace("\\u", "")), start)
            case "\\u" | "\\U":
                yield "u", start, end
            case json if json[0] == "\\":
                yield _CONTROLS.get(json[1], json[1]), start, end
            case _:
                yield from ((one, start, end) for one in html.unescape(found[0]))
        done = end
    yield from ((text[at], at, at + 1) for at in range(done, len(text)))


def _spelled(text: str, run: re.Pattern[str], unit: re.Pattern[str], base: int) -> Iterator[Letter]:
    """The letters that a text means in which runs of units stand for bytes."""
    done = 0
    for found in run.finditer(text):
        yield from ((text[at], at, at + 1) for at in range(done, found.start()))
        done = found.end()
        units = list(unit.finditer(text, found.start(), done))
        content = bytes(int(one[1], base) for one in units)
        try:
            letters, sizes = content.decode(), None
        except UnicodeDecodeError:
            letters, sizes = content.decode("latin-1"), 1
        first = 0
        for letter in letters:
            last = first + (sizes or len(letter.encode()))
            yield letter, units[first].start(), units[last - 1].end()
            first = last
    yield from ((text[at], at, at + 1) for at in range(done, len(text)))


def _of_bytes(content: bytes, at: int) -> Iterator[Letter]:
    """Letters that are written with %XX for each byte."""
    try:
        letters, widths = content.decode(), None
    except UnicodeDecodeError:
        letters, widths = content.decode("latin-1"), 3
    for letter in letters:
        width = widths or 3 * len(letter.encode())
        yield letter, at, at + width
        at += width


def _of_units(content: bytes, at: int) -> Iterator[Letter]:
    r"""Letters that are written with \uXXXX, some of them with two."""
    for letter in content.decode("utf-16-be", "replace"):
        width = 6 if letter <= "\uffff" else 12
        yield letter, at, at + width
        at += width


def _forms(secret: str) -> Iterator[tuple[str, int]]:
    """What a secret looks like, and how many letters of that in a row tell it."""
    yield secret, TELLING
    yield re.sub(r"\s", "+", secret), TELLING  # as forms of the web send blanks
    for content in _encoded(secret):
        for code in _in_base64(content):
            yield code, TELLING
            yield code.replace("+", "-").replace("/", "_"), TELLING
        if 2 * len(content) >= LEAST_DIGITS:
            yield content.hex(), TELLING_DIGITS
        for code in _in_base32(content):
            yield code, TELLING
    if len(secret) <= ENCODED_TWICE:
        for once in _in_base64(secret.encode("utf-8", "replace")):
            for code in _in_base64(once.encode()):
                yield code, TELLING


def _encoded(text: str) -> Iterator[bytes]:
    for encoding in ("utf-8", "utf-16-le", "latin-1") if len(text) <= ALL_FORMS else ("utf-8",):
        with suppress(UnicodeEncodeError):
            yield text.encode(encoding)


def _in_base64(secret: bytes) -> Iterator[str]:
    """The letters that are the secret's alone, whatever is encoded with it.

    Three bytes make four letters, so that a secret looks different after 0, 1 and 2 bytes, and
    the letters at its ends are its neighbours' too.
    """
    yield _code(secret)
    for before in range(3):
        first, last = -(-before * 8 // 6), (before + len(secret)) * 8 // 6
        if last - first >= LEAST_OF_CODE:
            yield _code(bytes(before) + secret)[first:last]


def _in_base32(secret: bytes) -> Iterator[str]:
    """The same of base32, where five bytes make eight letters; fewer than TELLING tell nothing."""
    for before in range(5):
        first, last = -(-before * 8 // 5), (before + len(secret)) * 8 // 5
        if last - first >= TELLING:
            yield b32encode(bytes(before) + secret).decode()[first:last]


def _code(content: bytes) -> str:
    return b64encode(content).decode().rstrip("=")
