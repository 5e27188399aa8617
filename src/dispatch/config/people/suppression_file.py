"""Files of suppressed addresses and domains: ours, and those that other products write."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO

from dispatch.config.csv.encoding import Encoding, encoding_of
from dispatch.config.csv.formulas import unguarded
from dispatch.config.csv.rows import SEPARATORS, Row, declared_separator, rows_of
from dispatch.config.csv.sheet import write_sheet
from dispatch.config.files.problems import FileProblem, InvalidValueError, Problems
from dispatch.config.people.columns import moment
from dispatch.config.people.headings import EMAIL, with_email
from dispatch.config.people.targets import checked_target
from dispatch.model.people.field_names import name_of
from dispatch.model.people.subscriber import Suppression
from dispatch.model.people.suppression import Target
from dispatch.model.text.plain_text import one_line
from dispatch.regular_files import why_unread

COLUMNS = ("address", "reason", "source", "since")
_TARGET = frozenset({"address", "target", "recipient", "recipient_email", "to", "entry", "value"})
_DOMAIN = frozenset({"domain", "domains", "host"})
_HEADINGS = {
    "reason": {"reason", "suppression_reason", "suppressionreason", "bounce_reason", "error"}
    | {"cause", "type", "status", "raison", "motif", "grund", "description", "unsub_reason"}
    | {"motivo", "reden", "razon", "bounce_type"},
    "source": {"source", "origin", "added_by", "herkunft", "origine"},
    "since": {"since", "created", "created_at", "createdat", "date", "timestamp", "time"}
    | {"added", "added_at", "suppressed_at", "last_update", "lastupdatetime", "depuis", "seit"}
    | {"date_added", "unsub_time", "clean_time", "blocked_at", "unsubscribed_at", "bounced_at"}
    | {"suppressed_date", "suppression_date", "datum", "fecha"},
}
_SECONDS_OF_A_YEAR_PAST = 100_000_000
"""A number as large as this is a time in seconds; one a thousand times larger, in milliseconds."""


@dataclass(frozen=True, slots=True)
class SuppressedRow:
    """One row: what it says, and on which line."""

    line: int
    target: Target
    reason: str = ""
    source: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class SuppressionFile:
    """What a file says; rows that make no sense are problems, and the others count."""

    rows: tuple[SuppressedRow, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    faulty: int = 0
    readable: bool = True


def read_suppressions(path: Path, *, shown: str = "") -> SuppressionFile:
    """Read one file; a line with the names of columns is optional.

    Raises nothing for what is in it, or for a file that cannot be read.
    """
    name = shown or path.name
    try:
        return _read(path, name)
    except InvalidValueError as error:
        problem = error.at(name, None, "")
    except FileNotFoundError:
        problem = FileProblem(name, None, "", "there is no such file", "check the path")
    except IsADirectoryError:
        problem = FileProblem(name, None, "", "is a folder", "name one of its files")
    except OSError as error:
        problem = FileProblem(name, None, "", *why_unread(error))
    return SuppressionFile(problems=(problem,), readable=False)


def write_suppressions(found: Iterable[Suppression], file: IO[str]) -> int:
    """Write them to a text file opened with newline="", so that they can be read back; how many."""
    rows = ([one.email, one.reason, one.source, one.since.isoformat()] for one in found)
    return write_sheet(COLUMNS, rows, file)


def _read(path: Path, name: str) -> SuppressionFile:
    encoding = encoding_of(path)
    separator = _separator(path, encoding)
    problems, found, faulty = Problems(name), [], 0
    columns: dict[str, int] | None = None
    with encoding.open(path) as file:
        for row in rows_of(file, separator):
            if columns is None:
                columns = _columns(row.cells)
                if columns.pop("heading"):
                    continue
            try:
                found.append(_row(row, columns))
            except InvalidValueError as error:
                faulty += 1
                problems.add(error.at(name, row.line, ""))
    if columns is None:
        raise InvalidValueError("is empty", "write an address or a domain on each line")
    return SuppressionFile(tuple(found), tuple(problems.listed()), faulty)


def _separator(path: Path, encoding: Encoding) -> str:
    with encoding.open(path) as file:
        if declared := declared_separator(file):
            return declared
    with encoding.open(path) as file:
        first = file.readline(4096)
    return max(SEPARATORS, key=first.count)


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Where each thing stands; `heading` is 1 where the line only says so."""
    names = [name_of(one) for one in cells]
    found = {
        what: place
        for what, words in _HEADINGS.items()
        for place, name in reversed(list(enumerate(names)))
        if name in words
    }
    if targets := dict(reversed(list(_targets(names)))):
        return {**found, **targets, "heading": 1}
    if any(_is_target(one) for one in cells):
        place = next(place for place, one in enumerate(cells) if _is_target(one))
        return {"address": place, "heading": 0}
    advice = "name the columns in the first line, one of them 'address', or write addresses alone"
    raise InvalidValueError("has no column of addresses or domains", advice)


def _targets(names: Sequence[str]) -> Iterator[tuple[str, int]]:
    emails = with_email(names)
    for place, name in enumerate(emails):
        if name == EMAIL or name in _TARGET:
            yield "address", place
    for place, name in enumerate(names):
        if name in _DOMAIN:
            yield "domain", place


def _is_target(cell: str) -> bool:
    with suppress(InvalidValueError):
        checked_target(unguarded(cell))
        return True
    return False


def _row(row: Row, columns: dict[str, int]) -> SuppressedRow:
    if row.flaw:
        raise InvalidValueError(*row.flaw)

    def cell(what: str) -> str:
        place = columns.get(what, len(row.cells))
        return one_line(unguarded(row.cells[place])) if place < len(row.cells) else ""

    address, domain = cell("address"), cell("domain")  # one beside an address is only its own
    is_address = bool(address) or "domain" not in columns
    target = checked_target(address if is_address else domain, bare=not is_address)
    return SuppressedRow(row.line, target, cell("reason"), cell("source"), _since(cell("since")))


def _since(text: str) -> datetime | None:
    """A time as anybody may write it; None where it is none, as the row counts all the same."""
    if text.isdecimal() and len(text) < 16:
        number = int(text)
        if number >= _SECONDS_OF_A_YEAR_PAST * 1000:
            number //= 1000
        return datetime.fromtimestamp(number, UTC) if number >= _SECONDS_OF_A_YEAR_PAST else None
    with suppress(InvalidValueError):
        return moment(text)
    with suppress(ValueError, TypeError, OverflowError):
        found = parsedate_to_datetime(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
