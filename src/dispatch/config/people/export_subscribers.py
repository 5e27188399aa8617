"""People as a CSV file that a spreadsheet opens and `subscribers import` takes back."""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from dispatch.config.csv.sheet import write_sheet
from dispatch.config.people.columns import COLUMNS
from dispatch.model.people.subscriber import Subscription


def write_subscribers(people: Iterable[Subscription], file: IO[str]) -> int:
    """Write people to a text file opened with newline=""; how many there were.

    Columns are those that `read_subscribers` knows, then one for each field of anybody's.
    """
    people = list(people)
    fields = sorted({name for one in people for name in one.subscriber.fields})
    return write_sheet(export_columns(fields), export_rows(people, fields), file)


def export_columns(fields: Sequence[str]) -> list[str]:
    """The names of the columns, where people have these fields."""
    return [*COLUMNS, *(f"own_{name}" if name in COLUMNS else name for name in fields)]


def export_rows(people: Iterable[Subscription], fields: Sequence[str]) -> Iterator[list[str]]:
    """A row for each of them, in the order of the columns."""
    for one in people:
        yield [*_known(one), *(one.subscriber.fields.get(name, "") for name in fields)]


def _known(one: Subscription) -> list[str]:
    person, consent = one.subscriber, one.consent
    cells = {
        "email": person.email,
        "name": person.name,
        "locale": person.locale,
        "timezone": person.timezone,
        "topics": "|".join(person.topics),
        "cadence": person.cadence,
        "consented_at": consent.at.isoformat() if consent.at else "",
        "consent_source": consent.source,
        "state": one.standing,
    }
    return [cells[name] for name in COLUMNS]
