"""What is wrong in a file that people wrote: the place, the thing, the problem and what to do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from dispatch.model.text.plain_text import quoted
from dispatch.model.text.suggestions import did_you_mean

__all__ = ["FileProblem", "InvalidValueError", "Problems", "Severity", "did_you_mean", "quoted"]

MOST = 200
"""Problems of one file that are told; nobody reads more of them, and a file may have millions."""


class Severity(StrEnum):
    """What follows from a problem."""

    ERROR = "error"  # what it is about was not taken
    NOTICE = "notice"  # everything was taken that could be; somebody should know


@dataclass(frozen=True, slots=True, order=True)
class FileProblem:
    """One problem; it reads `file:line: key: problem - advice`, without the parts not known."""

    file: str
    line: int | None
    key: str
    problem: str
    advice: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        subject = f"{place}: {self.key}" if self.key else place
        return f"{subject}: {self.problem}" + (f" - {self.advice}" if self.advice else "")


class InvalidValueError(ValueError):
    """A value cannot be used; who knows the place makes a FileProblem of it with `at`.

    Advice that takes long to find may be a function, which is called where it is shown.
    A ValueError, so that pydantic lets it through from its validators.
    """

    def __init__(self, problem: str, advice: str | Callable[[], str]) -> None:
        self.problem = problem
        self._advice = advice
        super().__init__(problem)

    @property
    def advice(self) -> str:
        """What to do."""
        return self._advice if isinstance(self._advice, str) else self._advice()

    def __str__(self) -> str:
        return f"{self.problem} - {self.advice}"

    def at(self, file: str, line: int | None, key: str) -> FileProblem:
        """The same, with its place."""
        return FileProblem(file, line, key, self.problem, self.advice)


class Problems:
    """Collects the problems of one file: MOST of them, errors before notices; counts the rest."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._about_file: list[tuple[int, FileProblem]] = []
        self._kept: dict[Severity, list[tuple[int, FileProblem]]] = {one: [] for one in Severity}
        self._errors = self._number = 0

    def has_room(self, severity: Severity = Severity.ERROR) -> bool:
        """Whether one more of this kind may be told, so that its words are worth finding."""
        return len(self._kept[severity]) < MOST

    def add(self, problem: FileProblem) -> None:
        """One more problem."""
        if self.has_room(problem.severity):
            self._kept[problem.severity].append((self._number, problem))
        self.count(problem.severity)

    def add_about_file(self, problem: FileProblem) -> None:
        """One of the few that are about the file as a whole: it is told in any case."""
        self._about_file.append((self._number, problem))
        self.count(problem.severity)

    def count(self, severity: Severity) -> None:
        """One more, for which there is no room."""
        self._number += 1
        self._errors += severity is Severity.ERROR

    def listed(self) -> tuple[FileProblem, ...]:
        """Those that are told, in the order in which they came, and how many more there are."""
        kept = (*self._about_file, *self._kept[Severity.ERROR], *self._kept[Severity.NOTICE])
        told = [problem for _, problem in sorted(kept[:MOST])]
        if more := self._number - len(told):
            severity = Severity.ERROR if self._errors else Severity.NOTICE
            advice = "mend these first, and look again"
            told.append(FileProblem(self._file, None, "", f"and {more} more", advice, severity))
        return tuple(told)


def at_most(problems: Iterable[FileProblem]) -> list[FileProblem]:
    """Problems as they are told: of each file no more than MOST, and how many are left out."""
    files: dict[str, Problems] = {}
    for problem in problems:
        files.setdefault(problem.file, Problems(problem.file)).add(problem)
    return [problem for one in files.values() for problem in one.listed()]


def as_one(file: str, line: int, found: Iterable[tuple[str, InvalidValueError]]) -> FileProblem:
    """The problems of one row, each with its key, as one.

    >>> name = InvalidValueError("is too long", "shorten it")
    >>> str(as_one("x.csv", 2, [("name", name), ("email", name)]))
    'x.csv:2: name: is too long; email: is too long - shorten it'
    """
    several = list(found)
    if len(several) == 1:
        [(key, error)] = several
        return error.at(file, line, key)
    problem = "; ".join(f"{key}: {one.problem}" if key else one.problem for key, one in several)
    advice = "; ".join(dict.fromkeys(one.advice for _, one in several))
    return FileProblem(file, line, "", problem, advice)
