"""Findings about an edition as sentences: for its page, and for the command line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.model.editions.finding import Finding, Kind
from dispatch.web.team.times import Times
from dispatch.words.catalogues import Words

SIGNS = {Kind.STOP: "x", Kind.LOOK: "warn", Kind.FINE: "check"}
CLASSES = {Kind.STOP: "no", Kind.LOOK: "warn", Kind.FINE: "ok"}


@dataclass(frozen=True, slots=True)
class Checked:
    """One finding in somebody's language; `do` says what to do about it, or is empty."""

    kind: Kind
    name: str
    text: str
    do: str

    @property
    def sign(self) -> str:
        """The sign beside it."""
        return SIGNS[self.kind]

    @property
    def css(self) -> str:
        """Its colour."""
        return CLASSES[self.kind]


def sentences(findings: Iterable[Finding], words: Words, times: Times) -> list[Checked]:
    """All of them, in their order."""
    return [_sentence(one, words, times) for one in findings]


def _sentence(finding: Finding, words: Words, times: Times) -> Checked:
    values = {name: _shown(value, times) for name, value in finding.values.items()}
    count = values.pop("count", None)
    number = count if isinstance(count, int) else None
    text = words(f"checks.{finding.name}", count=number, **values)
    fine = finding.kind is Kind.FINE
    return Checked(
        finding.kind, finding.name, text, "" if fine else words(f"checks.{finding.name}_do")
    )


def _shown(value: object, times: Times) -> object:
    if isinstance(value, timedelta):
        return times.span(value)
    if isinstance(value, datetime):
        return times.plain(value)
    return value
