"""What keeps the lines of a list apart where they come to stand on one line."""

import re
from collections.abc import Iterable
from enum import Enum

SEPARATOR = "·"

_ENDED = re.compile(r"[.,;:!?…·•|/–—-]['\"”’»)\]]*$|[。、，；：！？」』）・]$")
_BEGUN = re.compile(r"[·•|–—*-]")


class Line(Enum):
    """Why a line ends: it is one of a list, or merely broken, as verses and addresses are."""

    ITEM = "item"
    BREAK = "break"


BEGIN_LINES = {"br": Line.BREAK, "dt": Line.ITEM, "li": Line.ITEM, "tr": Line.BREAK}
"""The elements of HTML before which a line ends that has to stay apart."""

END_LINES = {"dd": Line.ITEM, "li": Line.ITEM, "tr": Line.BREAK}
"""Those after which one ends."""


class RunningLine:
    """Text put on one line piece by piece, lines kept apart where they would run together."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._tail = ""
        self._ended: Line | None = None

    def end(self, line: Line) -> None:
        """Say that what comes now stands on a new line."""
        if self._ended is not Line.ITEM:
            self._ended = line

    def add(self, text: str) -> str:
        """Add a piece of text; what was added, with anything before it."""
        if self._ended is not None and text.strip():
            if need_separator(self._tail, text, ended=self._ended):
                text = f" {SEPARATOR} {text.lstrip()}"
            self._ended = None
        self.parts.append(text)
        self._tail = (self._tail + text)[-12:]
        return text


def joined(lines: Iterable[str]) -> str:
    """The lines as one, with a dot between two of which the first has no end of its own.

    >>> joined(["Mardi 2 : jazz", "Samedi 6 : bal", "Entrée libre."])
    'Mardi 2 : jazz · Samedi 6 : bal · Entrée libre.'
    >>> joined(["We wrote.", "They came", "to see"])
    'We wrote. They came to see'
    """
    running = RunningLine()
    for line in lines:
        running.add(" ")
        running.end(Line.BREAK)
        running.add(line)
    return "".join(running.parts).replace("  ", " ").strip()


def need_separator(before: str, after: str, *, ended: Line) -> bool:
    """Whether two lines would read as one sentence without anything between them.

    A merely broken line goes on where the next one begins with a small letter, or with one of a
    script that has no capitals.
    """
    before, after = before.rstrip(), after.lstrip()
    if not before or not after or _ENDED.search(before) or _BEGUN.match(after):
        return False
    return ended is Line.ITEM or after[0].isupper() or not after[0].isalpha()
