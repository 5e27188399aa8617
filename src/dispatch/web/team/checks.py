"""Findings about an edition as sentences: for its page, and for the command line."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.model.editions.finding import Finding, Kind
from dispatch.pipeline.doctor.checklist import Rule
from dispatch.web.team.provider_words import title_of
from dispatch.web.team.readers.told import language_of
from dispatch.web.team.times import Times
from dispatch.words.catalogues import Words

SIGNS = {Kind.STOP: "x", Kind.LOOK: "warn", Kind.FINE: "check"}
CLASSES = {Kind.STOP: "no", Kind.LOOK: "warn", Kind.FINE: "ok"}


DOCTORS = "doctor."
"""How names of what the doctor found begin, among those of other checks."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One finding in somebody's language; `do` says what to do about it, or is empty.

    `channel` is the one on whose page there is more to see of it, if any. `about` is the key of the
    part in the list that it is about, or empty.
    """

    kind: Kind
    name: str
    text: str
    do: str
    channel: str = ""
    about: str = ""

    @property
    def sign(self) -> str:
        """The sign beside it."""
        return SIGNS[self.kind]

    @property
    def css(self) -> str:
        """Its colour."""
        return CLASSES[self.kind]


def sentences(findings: Iterable[Finding], words: Words, times: Times) -> list[Checked]:
    """All of them, in their order; the name of what the doctor found begins with `doctor.`."""
    return [_checked(one, words, times) for one in findings]


def doctors_sentences(findings: Iterable[Finding], words: Words, times: Times) -> list[Checked]:
    """The same of what the doctor has found."""
    return [_sentence(one, f"doctor.{one.name}", words, times) for one in findings]


def rules_told(rules: Iterable[Rule], words: Words) -> list[Checked]:
    """Gmail's and Yahoo's rules, each with how it stands."""
    return [Checked(one.kind, one.name, _rule(one, words), "") for one in rules]


def _rule(rule: Rule, words: Words) -> str:
    said = words(f"doctor.{rule.name}")
    return said if rule.known else words("doctor.rule_unknown", rule=said)


def _checked(finding: Finding, words: Words, times: Times) -> Checked:
    if not finding.name.startswith(DOCTORS):
        return _sentence(finding, f"checks.{finding.name}", words, times)
    found = _sentence(finding, finding.name, words, times)
    channel = finding.values["channel"]
    text = words("checks.examined", channel=channel, found=found.text)
    return replace(found, text=text, channel=str(channel))


def _sentence(finding: Finding, name: str, words: Words, times: Times) -> Checked:
    values = {name: _shown(value, times) for name, value in finding.values.items()}
    if provider := values.get("provider"):
        values["provider"] = title_of(words, str(provider))
    if language := values.get("language"):
        values["language"] = language_of(words, str(language))
    count = values.pop("count", None)
    number = count if isinstance(count, int) else None
    text = words(f"{name}_least" if values.pop("least", False) else name, count=number, **values)
    do = "" if finding.kind is Kind.FINE else words(f"{name}_do", count=None, **values)
    return Checked(finding.kind, finding.name, text, do, about=finding.about)


def _shown(value: object, times: Times) -> object:
    if isinstance(value, timedelta):
        return times.span(value)
    if isinstance(value, datetime):
        return times.plain(value)
    if isinstance(value, float):
        return times.percent(value)
    return value
