"""The reader's name in a text of the team: the only placeholder there."""

import re
import textwrap
from dataclasses import dataclass

from dispatch.model.text.plain_text import printable, unturned

NAME = re.compile(
    r"\{\{[ ]{0,3}subscriber\.name"
    r"(?:[ ]{1,3}or[ ]{1,3}(?:\"([^\"{}\n]{0,80})\"|'([^'{}\n]{0,80})'))?[ ]{0,3}\}\}"
)
"""`{{ subscriber.name }}`, with `or "friend"` for who has none; what else is in braces is text."""

OPENS, CLOSES = "\ufdd0", "\ufdd1"
"""Around a name's number while a text is made: no characters, so that nobody can write them."""

_MARK = re.compile(f"{OPENS}([0-9]+){CLOSES}")
_MARKS = re.compile(f"[{OPENS}{CLOSES}]")


@dataclass(frozen=True, slots=True)
class ReadersName:
    """The place of a reader's name, with what is said to who has none."""

    fallback: str = ""


Named = tuple[str | ReadersName, ...]
"""A text in parts: words, and places of the reader's name among them."""


def readers_name(found: re.Match[str]) -> ReadersName:
    """What NAME has found."""
    return ReadersName((found[1] or found[2] or "").strip())


def written(text: str) -> str:
    """What somebody wrote, without what cannot be printed, turns lines or looks like a mark."""
    return _MARKS.sub("", unturned(printable(text.replace("\r\n", "\n").replace("\r", "\n"))))


def named_line(text: str, width: int = 0) -> Named:
    """The parts of a line in which only names mean something, such as a heading's.

    With `width`, it is broken between words where it is longer.

    >>> named_line('For {{ subscriber.name or "you" }}')
    ('For ', ReadersName(fallback='you'))
    """
    names: list[ReadersName] = []

    def mark(found: re.Match[str]) -> str:
        names.append(readers_name(found))
        return f"{OPENS}{len(names) - 1}{CLOSES}"

    marked = NAME.sub(mark, written(text))
    if width:
        lines = textwrap.wrap(marked, width, break_long_words=False, break_on_hyphens=False)
        marked = "\n".join(lines)
    return named_marks(marked, names)


def named_marks(text: str, names: list[ReadersName]) -> Named:
    """The parts of a text in which names are marked by their numbers."""
    parts: list[str | ReadersName] = []
    for place, part in enumerate(_MARK.split(text)):
        if place % 2:
            parts.append(names[int(part)])
        elif part:
            parts.append(part)
    return tuple(parts)


def neutral(parts: Named) -> str:
    """The text for nobody in particular: with what is said to who has no name."""
    return "".join(part.fallback if isinstance(part, ReadersName) else part for part in parts)
