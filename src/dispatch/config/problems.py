"""What is wrong in a file that people wrote: the place, the thing, the problem and what to do."""

from dataclasses import dataclass
from enum import StrEnum

from dispatch.model.text import did_you_mean, quoted

__all__ = ["FileProblem", "InvalidValueError", "Severity", "did_you_mean", "quoted"]


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

    A ValueError, so that pydantic lets it through from its validators.
    """

    def __init__(self, problem: str, advice: str) -> None:
        self.problem = problem
        self.advice = advice
        super().__init__(f"{problem} - {advice}")

    def at(self, file: str, line: int | None, key: str) -> FileProblem:
        """The same, with its place."""
        return FileProblem(file, line, key, self.problem, self.advice)
