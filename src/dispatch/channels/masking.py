"""Hiding a secret in words that a service wrote, in whatever dress it repeats it."""

from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import quote

from dispatch.model.text import one_line

HIDDEN = "***"

TELLING = 8
"""So many letters of a secret in a row are hidden, also where the rest of it is missing."""

LEAST_OF_CODE = 4
"""Letters of base64 that are the secret's alone, where it is in the midst of something longer."""


class Mask:
    """Called with a text, gives it without the secret: as it is, in base64, and in addresses.

    The text is one line without control characters, as `one_line` makes it. Capital and small
    letters count as the same, and blanks do not count at all. `also` are texts to be hidden where
    they are whole.

    >>> hide = Mask("correct horse")
    >>> hide("no user with Correct Horse or Y29ycmVjdCBob3JzZQ here, only with correct h")
    'no user with *** or *** here, only with ***'

    Also where it is a part of what was encoded, as in what AUTH PLAIN says:

    >>> hide("AHVzZXIAY29ycmVjdCBob3JzZQ=="), hide("250 ok"), Mask("")("250 ok")
    ('AHVzZXIA***==', '250 ok', '250 ok')
    """

    __slots__ = ("_pieces",)

    def __init__(self, secret: str, *also: str) -> None:
        self._pieces: dict[int, set[str]] = {}  # by their length
        for form in _forms(secret):
            self._add(form, TELLING)
        for form in also:
            self._add(form, len(form))

    def __call__(self, text: str) -> str:
        if not self._found(_folded(text)):
            return text
        places = [place for place, letter in enumerate(text) if not letter.isspace()]
        hidden: set[int] = set()
        for start, end in self._found(_folded(text)):
            hidden.update(range(places[start], places[end - 1] + 1))
        shown = []
        for place, letter in enumerate(text):
            if place not in hidden:
                shown.append(letter)
            elif place - 1 not in hidden:
                shown.append(HIDDEN)
        return "".join(shown)

    def __repr__(self) -> str:
        return f"Mask({HIDDEN})"

    def _add(self, form: str, telling: int) -> None:
        letters = _folded(one_line(form))
        length = min(len(letters), telling)
        if length:
            starts = range(len(letters) - length + 1)
            pieces = self._pieces.setdefault(length, set())
            pieces.update(letters[start : start + length] for start in starts)

    def _found(self, letters: str) -> list[tuple[int, int]]:
        """Where in it a piece of the secret begins and ends; the pieces may overlap."""
        return [
            (end - length, end)
            for length, pieces in self._pieces.items()
            for end in range(length, len(letters) + 1)
            if letters[end - length : end] in pieces
        ]


def _folded(text: str) -> str:
    """The text without blanks, in small letters; one for each of its letters."""
    letters = "".join(text.split())
    # Of some letters beyond ASCII the small one is two.
    return letters.lower() if letters.isascii() else "".join(one.lower()[:1] for one in letters)


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield quote(secret, safe="")
    for code in _in_base64(secret.encode()):
        yield code
        yield code.replace("+", "-").replace("/", "_")


def _in_base64(secret: bytes) -> Iterator[str]:
    yield b64encode(secret).decode().rstrip("=")
    for before in range(3):  # bytes in front of it; three of them are four letters of their own
        code = b64encode(bytes(before) + secret).decode()
        alone = code[-(-before * 8 // 6) : (before + len(secret)) * 8 // 6]
        if len(alone) >= LEAST_OF_CODE:
            yield alone
