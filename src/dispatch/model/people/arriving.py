"""People as a file brings them in, many at a time and column by column, as databases like them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress, repeat
from typing import Any, TypeVar

from dispatch.model.people.subscriber import Consent, SubscriberRow

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ArrivingPeople:
    """Columns of equal length: what stands at one place in each is about one person.

    `lines` are where they stand in the file, no two alike. Of `fields` one that is None is not
    there for that person.
    """

    lines: Sequence[int]
    emails: Sequence[str]
    names: Sequence[str]
    locales: Sequence[str]
    timezones: Sequence[str]
    topics: Sequence[tuple[str, ...]]
    cadences: Sequence[str]
    consented_at: Sequence[datetime | None]
    sources: Sequence[str]
    fields: Mapping[str, Sequence[str | None]]

    def __len__(self) -> int:
        return len(self.lines)

    @classmethod
    def of(cls, rows: Sequence[SubscriberRow], names: Iterable[str] = ()) -> "ArrivingPeople":
        """These people; `names` are those of fields, in their order, where that is known."""
        names = dict.fromkeys([*names, *(name for row in rows for name in row.fields)])
        return cls(
            [row.line for row in rows],
            [row.email for row in rows],
            [row.name for row in rows],
            [row.locale for row in rows],
            [row.timezone for row in rows],
            [row.topics for row in rows],
            [row.cadence for row in rows],
            [row.consent.at for row in rows],
            [row.consent.source for row in rows],
            {name: [row.fields.get(name) for row in rows] for name in names},
        )

    def only(self, places: Sequence[object]) -> "ArrivingPeople":
        """Those where `places`, which is as long, has something true."""

        def those(column: Sequence[T]) -> Sequence[T]:
            return list(compress(column, places))

        return ArrivingPeople(
            lines=those(self.lines),
            emails=those(self.emails),
            names=those(self.names),
            locales=those(self.locales),
            timezones=those(self.timezones),
            topics=those(self.topics),
            cadences=those(self.cadences),
            consented_at=those(self.consented_at),
            sources=those(self.sources),
            fields={name: those(column) for name, column in self.fields.items()},
        )

    def rows(self) -> Iterator[SubscriberRow]:
        """One after the other."""
        own = zip(*self.fields.values(), strict=True) if self.fields else repeat(())
        for known, cells in zip(zip(*self._columns(), strict=True), own, strict=False):
            line, email, name, locale, timezone, topics, cadence, at, source = known
            said = zip(self.fields, cells, strict=True)
            yield SubscriberRow(
                line,
                email,
                Consent(at, source),
                name=name,
                locale=locale,
                timezone=timezone,
                topics=topics,
                cadence=cadence,
                fields={key: cell for key, cell in said if cell is not None},
            )

    def _columns(self) -> tuple[Sequence[Any], ...]:
        return (
            *(self.lines, self.emails, self.names, self.locales, self.timezones),
            *(self.topics, self.cadences, self.consented_at, self.sources),
        )
