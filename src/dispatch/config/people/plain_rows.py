"""Rows in which nothing is odd, read many at a time: each column by itself, each cell once.

What is odd (a problem, a word that keeps somebody out, anything to be told) is only found here.
Such a row is read by itself, in `reading.py`, where it is decided what follows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dispatch.config.files.addresses import all_usual, is_usual
from dispatch.config.files.problems import InvalidValueError
from dispatch.config.people.columns import MEANINGS, Column, Columns, Role
from dispatch.config.people.headings import EMAIL
from dispatch.config.people.standing import Kind, Standing
from dispatch.config.people.standing_words import NEVER, plain
from dispatch.config.people.tidying import tidy
from dispatch.config.people.unmistakable import is_unmistakable
from dispatch.model.campaigns.cadence import Cadence
from dispatch.model.people.arriving import ArrivingPeople
from dispatch.model.people.subscriber import SubscriptionState
from dispatch.model.text.invisible import trimmed
from dispatch.model.text.plain_text import printable

CADENCE = "cadence"
CADENCES = frozenset(cadence.value for cadence in Cadence)

ODD: Any = object()
"""Stands where a cell needs a closer look."""

_NOTHING: Mapping[str, Any] = {"topics": (), "consented_at": None}
"""What is known of somebody where a cell says nothing; else an empty text."""

Meaning = Callable[[str], Any]


class Remembered(dict[str, Any]):
    """What the cells of one column mean, of which many say the same."""

    MOST = 2_000
    LONGEST = 100

    def __init__(self, meaning: Meaning) -> None:
        self._meaning = meaning
        self._has_odd = False

    def __missing__(self, cell: str) -> Any:
        found = self._meaning(cell)
        self._has_odd = self._has_odd or found is ODD
        if len(cell) <= self.LONGEST:
            if len(self) >= self.MOST:
                self.clear()
            self[cell] = found
        return found

    def all(self, cells: Sequence[str], odd: set[int]) -> list[Any]:
        """What each of these means; the places of odd ones are added."""
        found = list(map(self.__getitem__, cells))
        if self._has_odd:
            odd.update(_odd_in(found))
        return found


_Means = dict[str, tuple[int, Remembered]]
"""Names to the place of their column, and what its cells mean."""


@dataclass(frozen=True, slots=True)
class PlainRows:
    """People by columns, in which `odd` are the places of those that are to be read again.

    `blank` are, by column, the places in which it says nothing though it says who may be mailed.
    """

    people: ArrivingPeople
    odd: Sequence[int]
    blank: Mapping[str, Sequence[int]]


class PlainReader:
    """Reads rows of one file, of which the columns are known."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._known: _Means = {}
        self._fields: _Means = {}
        self._others: list[tuple[int, Remembered]] = []
        self._askers: list[tuple[int, str]] = []
        self._email = -1
        for place, column in enumerate(columns.all):
            self._place(place, column)

    def read(self, lines: Sequence[int], rows: Sequence[Sequence[str]]) -> PlainRows:
        """Rows of one line each."""
        odd: set[int] = set()
        cells: list[Sequence[str]] = list(zip(*self._even(rows, odd), strict=True))
        emails = _addresses(cells[self._email], odd)

        def meanings(columns: _Means) -> dict[str, Sequence[Any]]:
            return {name: means.all(cells[at], odd) for name, (at, means) in columns.items()}

        known, fields = meanings(self._known), meanings(self._fields)
        for place, means in self._others:
            means.all(cells[place], odd)
        if self._columns.name_parts:
            known["name"] = self._names(known.get("name") or [""] * len(rows), fields)

        def said(name: str) -> Sequence[Any]:
            return known.get(name) or [_NOTHING.get(name, "")] * len(rows)

        people = ArrivingPeople(
            lines,
            emails,
            names=said("name"),
            locales=said("locale"),
            timezones=said("timezone"),
            topics=said("topics"),
            cadences=said("cadence"),
            consented_at=said("consented_at"),
            sources=said("consent_source"),
            fields=fields,
        )
        blank = {
            name: [place for place, cell in enumerate(cells[column]) if not tidy(cell)]
            for column, name in self._askers
        }
        return PlainRows(people, sorted(odd), blank)

    def _place(self, place: int, column: Column) -> None:
        if column.standing:
            self._others.append((place, Remembered(_may_be_mailed(column.standing))))
            if not column.standing.certain:
                self._fields[column.name] = place, Remembered(_field)
            if column.standing.kind is Kind.IN:
                self._askers.append((place, column.name))
        elif column.role is Role.OWN:
            self._fields[column.name] = place, Remembered(_own(column))
            if column.fills:
                self._known[column.fills] = place, Remembered(_known(column.fills))
        elif column.role is Role.NAMELESS:
            self._others.append((place, Remembered(_nameless)))
        elif column.name == EMAIL:
            self._email = place
        elif column.role is not Role.BESIDE:
            self._known[column.name] = place, Remembered(_known(column.name))

    def _even(self, rows: Sequence[Sequence[str]], odd: set[int]) -> Sequence[Sequence[str]]:
        """The rows with as many cells each as there are columns."""
        number = len(self._columns.all)
        if set(map(len, rows)) == {number}:
            return rows
        even = []
        for place, row in enumerate(rows):
            if any(map(tidy, row[number:])):
                odd.add(place)
            even.append([*row[:number], *[""] * (number - len(row))])
        return even

    def _names(
        self, known: Sequence[str], fields: Mapping[str, Sequence[str | None]]
    ) -> Sequence[str]:
        """Given and family name as one, where the file has them apart."""
        places = self._columns.name_parts
        parts = [known if name == "name" else fields.get(name) for name in places]
        rows = zip(*(part for part in parts if part is not None), known, strict=True)
        return [
            " ".join(filter(None, row[:-1])) or row[-1] if ODD not in row else "" for row in rows
        ]


def _addresses(cells: Sequence[str], odd: set[int]) -> Sequence[str]:
    if all_usual(cells):
        return cells
    tidied = (trimmed(tidy(cell)) for cell in cells)
    found = [address if is_usual(address) else ODD for address in tidied]
    odd.update(_odd_in(found))
    return found


def _odd_in(column: Sequence[Any]) -> Iterator[int]:
    return (place for place, found in enumerate(column) if found is ODD)


def _known(name: str) -> Meaning:
    meaning, nothing = MEANINGS[name], _NOTHING.get(name, "")

    def find(written: str) -> Any:
        cell = trimmed(tidy(written))
        if not cell:
            return nothing
        if name == CADENCE and plain(cell) in NEVER:
            return ODD
        try:
            found = meaning(cell)
        except InvalidValueError:
            return ODD
        return ODD if name == CADENCE and found not in CADENCES else found

    return find


def _own(column: Column) -> Meaning:
    harmless = column.ignored or column.fills == CADENCE

    def find(written: str) -> Any:
        found = _field(written)
        return found if harmless or not found or not is_unmistakable(tidy(written)) else ODD

    return find


def _field(written: str) -> str | None:
    cell = tidy(written)
    return printable(cell) if cell else None


def _nameless(written: str) -> Any:
    return ODD if tidy(written) else None


def _may_be_mailed(standing: Standing) -> Meaning:
    def find(written: str) -> Any:
        cell = tidy(written)
        if not cell:
            return None
        if standing.meaning(cell) is not SubscriptionState.ACTIVE:
            return ODD
        standing.known += 1
        return None

    return find
