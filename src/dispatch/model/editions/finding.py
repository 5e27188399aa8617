"""What was found when an edition was looked at before it is approved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """How much a finding weighs."""

    STOP = "stop"  # it keeps the edition from being approved
    LOOK = "look"  # somebody should look at it
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Finding:
    """One of them. `name` is that of its sentence (`checks.<name>`), `values` are what it names.

    Where there is something to do about it, `checks.<name>_do` says what. `about` is the key of the
    part that it is about, as `key_of` names it, or empty.
    """

    kind: Kind
    name: str
    values: Mapping[str, object] = field(default_factory=dict)
    about: str = ""


def stops(findings: Iterable[Finding]) -> list[Finding]:
    """Those that keep an edition from being approved."""
    return [one for one in findings if one.kind is Kind.STOP]
