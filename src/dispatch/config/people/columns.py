"""The columns of a subscriber file: which is which, and what its cells mean."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any

from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import InvalidValueError, quoted
from dispatch.config.people.headings import EMAIL, filled_by, name_parts, with_email
from dispatch.config.people.standing import Kind, Standing, standing_of
from dispatch.config.people.standing_words import plain
from dispatch.config.values import simple as words
from dispatch.config.values.columns import IGNORE, Rule, Rules, Words
from dispatch.config.values.timezones import timezone_of_person
from dispatch.model.campaigns.cadence import Cadence, read_cadence
from dispatch.model.people.field_names import name_of
from dispatch.model.people.topics import Topics, topics_of
from dispatch.model.text.plain_text import one_line
from dispatch.model.text.suggestions import closest

STATE = "state"


@lru_cache(maxsize=4096)
def topics(cell: str) -> Topics:
    """The topics of a cell, split by |, as a set: each once, in lower case."""
    return topics_of(cell.split("|"))


@lru_cache(maxsize=4096)
def moment(cell: str) -> datetime:
    """A date or date and time in ISO form, in UTC; without an offset it is taken as UTC."""
    try:
        found = datetime.fromisoformat(cell)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        advice = "write it as 2026-01-31 or 2026-01-31T09:30:00+01:00"
        raise InvalidValueError(f"{quoted(cell)} is not a date", advice) from None


@lru_cache(maxsize=4096)
def cadence(cell: str) -> str:
    """How often somebody wants it, in our spelling; any other text as it is.

    >>> cadence("Each-post")
    'each post'
    """
    found = read_cadence(cell)
    return found.value if found else one_line(cell)


def known_cadence(cell: str) -> str:
    """How often somebody wants it, where no file says so; raises InvalidValueError for others."""
    if read_cadence(cell) is None:
        known = ", ".join(sorted(Cadence))
        raise InvalidValueError(f"{quoted(cell)} is no cadence", f"known are: {known}")
    return cadence(cell)


MEANINGS: Mapping[str, Callable[[str], Any]] = {
    EMAIL: checked_address,
    "name": one_line,
    "locale": words.locale,
    "timezone": timezone_of_person,
    "topics": topics,
    "cadence": cadence,
    "consented_at": moment,
    "consent_source": one_line,
}
"""The columns we know and what their cells mean; any other is a field of its own."""

COLUMNS = (*MEANINGS, STATE)
"""The columns of an export, in order."""

BESIDE = ("line", "reason")
"""What stands before the columns of a file of rows that did not count, and is about no person."""

_STANDING = {STATE: Kind.STATE, Kind.IN.value: Kind.IN, Kind.OUT.value: Kind.OUT}


class Role(Enum):
    """What a column is for us."""

    KNOWN = "known"  # one of MEANINGS
    STANDING = "standing"  # says who may be mailed
    OWN = "own"  # a field of the team's
    NAMELESS = "nameless"
    BESIDE = "beside"  # one of BESIDE: nothing in it counts


@dataclass(frozen=True, slots=True)
class Column:
    """One column. An own one may also say what one of ours would, which it then `fills`.

    `ignored` is one of which schedules.yaml says that it is about something else.
    """

    name: str
    role: Role
    fills: str = ""
    standing: Standing | None = None
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file, in order.

    `name_parts` are the names of those that make somebody's name together. `unused` are those that
    schedules.yaml speaks of and the file does not have; `headings` is how each is written there.
    """

    all: tuple[Column, ...]
    headings: Mapping[str, str] = field(default_factory=dict)
    name_parts: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each; empty for one without a heading."""
        return tuple(one.name for one in self.all)

    @property
    def has_email(self) -> bool:
        """Whether this can be a subscriber file at all."""
        return any(one.name == EMAIL and one.role is Role.KNOWN for one in self.all)

    @property
    def own(self) -> tuple[str, ...]:
        """The names of the team's own columns."""
        return tuple(one.name for one in self.all if one.role is Role.OWN)

    @property
    def standing(self) -> tuple[Standing, ...]:
        """Those that say who may be mailed."""
        return tuple(one.standing for one in self.all if one.standing)

    @property
    def repeated(self) -> str:
        """A name that stands over two columns, or empty."""
        number = Counter(name for name in self.names if name)
        return next((name for name in number if number[name] > 1), "")

    def slips(self) -> dict[str, list[str]]:
        """Own columns to the columns of ours that they may have been meant for."""
        plain = [
            one.name for one in self.all if one.role is Role.OWN and not (one.fills or one.ignored)
        ]
        found = {name: closest(name, set(COLUMNS) - set(self.names)) for name in plain}
        return {name: near for name, near in found.items() if near}

    def is_row(self, cells: Sequence[str]) -> bool:
        """Whether cells look like a row under these columns: as many of them, and an address."""
        if len(cells) != len(self.all):
            return False
        try:
            checked_address(cells[self.names.index(EMAIL)])
        except InvalidValueError:
            return False
        return True


def columns_of(header: Sequence[str], rules: Rules | None = None) -> Columns:
    """What the first line names; `rules` are what schedules.yaml says of some.

    >>> columns_of(["E-Mail", "Name", "Prénom usuel", "2026 gift"]).names
    ('email', 'name', 'prenom_usuel', 'field_2026_gift')
    """
    said = {name_of(heading): rule for heading, rule in (rules or {}).items()}
    written = [name_of(heading) for heading in header]
    ours = len(BESIDE) if is_of_refused(header) and not said.keys() & {*BESIDE} else 0
    written[:ours] = [""] * ours
    names = with_email(["" if one in said else one for one in written])
    ruled = {one: _ruled(one, said[one]) for one in written if one in said}
    taken = {one.name for one in ruled.values() if one.role is Role.KNOWN}
    found = [
        ruled[one] if one in ruled else _column(heading, name, taken)
        for heading, one, name in zip(header, written, names, strict=True)
    ]
    for place, other in filled_by(names).items():
        if found[place].role is Role.OWN and other not in taken:
            found[place] = Column(found[place].name, Role.OWN, fills=other)
    found[:ours] = [Column("", Role.BESIDE)] * ours
    parts = tuple(names[place] for place in name_parts(names)) if "name" not in taken else ()
    unused = tuple(heading for heading in rules or {} if name_of(heading) not in written)
    headings = {one.name: heading for one, heading in zip(found, header, strict=True)}
    return Columns(tuple(found), headings, parts, unused)


def is_of_refused(header: Sequence[str]) -> bool:
    """Whether we have written this file: rows that did not count, each with line and reason."""
    return tuple(map(name_of, header[: len(BESIDE)])) == BESIDE


def _column(heading: str, name: str, taken: set[str]) -> Column:
    if not name:
        return Column("", Role.NAMELESS)
    if name in MEANINGS:
        # Where schedules.yaml names another column for it, this one is the team's own.
        return Column(name, Role.KNOWN) if name not in taken else Column(f"own_{name}", Role.OWN)
    if standing := standing_of(heading, name):
        return Column(name, Role.STANDING, standing=standing)
    return Column(name, Role.OWN)


def _ruled(name: str, rule: Rule) -> Column:
    if not isinstance(rule, str):
        return Column(name, Role.STANDING, standing=_of_words(name, rule))
    if rule in _STANDING:
        return Column(name, Role.STANDING, standing=Standing(name, _STANDING[rule]))
    if rule == IGNORE:
        return Column(name, Role.OWN, ignored=True)
    return Column(rule, Role.KNOWN)


def _of_words(name: str, rule: Words) -> Standing:
    return Standing(name, Kind.STATE, words={plain(word): state for word, state in rule.items()})
