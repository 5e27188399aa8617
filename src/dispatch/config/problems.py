"""What is wrong in a file that people wrote: the place, the thing, the problem and what to do."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class FileProblem:
    """One problem; it reads `file:line: key: problem - advice`, without what is not known."""

    file: str
    line: int | None
    key: str
    problem: str
    advice: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        subject = f"{place}: {self.key}" if self.key else place
        return f"{subject}: {self.problem}" + (f" - {self.advice}" if self.advice else "")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Advice for a word nobody knows: the closest one, else all there are.

    >>> did_you_mean("timezon", ["at", "timezone"])
    "did you mean 'timezone'?"
    >>> did_you_mean("colour", ["at", "timezone"])
    'known are: at, timezone'
    """
    choices = sorted(known)
    close = difflib.get_close_matches(word, choices, n=1)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"known are: {', '.join(choices)}" if choices else "there is none yet"
