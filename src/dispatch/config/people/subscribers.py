"""subscribers/<audience>.csv: how people come in. A bad row never stops the good ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dispatch.config.csv.encoding import Encoding, encoding_of
from dispatch.config.csv.formulas import unguarded
from dispatch.config.csv.rows import SEPARATORS, Row, rows_of
from dispatch.config.files.problems import (
    FileProblem,
    InvalidValueError,
    Problems,
    Severity,
    as_one,
    did_you_mean,
    quoted,
)
from dispatch.config.people.columns import EMAIL, MEANINGS, Columns, columns_of
from dispatch.config.values import simple as words
from dispatch.model.campaigns.cadence import Cadence
from dispatch.model.people.subscriber import Consent, SubscriberRow, SubscriptionState, email_key
from dispatch.model.text.plain_text import printable
from dispatch.regular_files import why_unread

FOLDER = "subscribers"

MOST_COLUMNS = 1_000


@dataclass(frozen=True, slots=True)
class SubscriberFile:
    """What one file brings in.

    `problems` are in the order of the file, one for a row. Where there are very many, some are
    left out. `readable` is false where the file as a whole could not be used: then there are no
    rows and one problem. Of the rest, `faulty` rows have an error, `duplicates` repeat an address
    (the first one counts), and `inactive` ones say themselves that consent is pending or has ended.
    """

    audience: str
    rows: tuple[SubscriberRow, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    readable: bool = True
    faulty: int = 0
    duplicates: int = 0
    inactive: int = 0


def read_audience_files(folder: Path) -> list[Path]:
    """The files of a workspace that bring people in, by name; none without such a folder."""
    return sorted(
        path
        for path in (folder / FOLDER).glob("*")
        # Spreadsheets leave .~lock.x.csv# and ~$x.csv beside an open file. What is no file is told.
        if path.suffix.lower() == ".csv" and path.name[0] not in ".~" and not path.is_dir()
    )


def read_subscribers(path: Path, *, audience: str | None = None) -> SubscriberFile:
    """Read one file; its name is the audience's, unless another is given.

    Never raises for what is in the file, or for a file that cannot be read.
    """
    shown = f"{FOLDER}/{path.name}" if path.parent.name == FOLDER else path.name
    try:
        name = words.name(audience or path.stem)
        return _read(path, _Reading(shown, name))
    except InvalidValueError as error:
        problem = error.at(shown, None, "")
    except FileNotFoundError:
        problem = FileProblem(shown, None, "", "there is no such file", "check the path")
    except OSError as error:
        problem = FileProblem(shown, None, "", *why_unread(error))
    return SubscriberFile(audience or path.stem, problems=(problem,), readable=False)


def _read(path: Path, reading: "_Reading") -> SubscriberFile:
    encoding = encoding_of(path)
    if encoding.guessed:
        problem = f"is not UTF-8, so the file was read as {encoding.guessed}"
        advice = "check that accents are right, or save it as 'CSV UTF-8'"
        line, severity = encoding.guessed_at, Severity.NOTICE
        about_file = FileProblem(reading.file, line, "", problem, advice, severity)
        reading.problems.add_about_file(about_file)
    separator, columns = _header(path, encoding)
    with encoding.open(path) as file:
        rows = rows_of(file, separator, is_row=columns.is_row)
        next(rows)  # the header
        for row in rows:
            reading.take(row, columns)
    return reading.result()


def _header(path: Path, encoding: Encoding) -> tuple[str, Columns]:
    """The separator that makes most of the first line, and what that line names."""
    found: list[tuple[str, Columns]] = []
    unread: InvalidValueError | None = None
    for separator in SEPARATORS:
        with encoding.open(path) as file:
            row = next(rows_of(file, separator), None)
        if row is None:
            advice = "begin with a line of column names, such as email,name"
            raise InvalidValueError("is empty", advice)
        if row.flaw:
            problem, advice = row.flaw
            problem = f"its column names, in line {row.line}, cannot be read: {problem}"
            unread = InvalidValueError(problem, advice)
        else:
            found.append((separator, columns_of(row.cells)))
    if unread and not found:
        raise unread
    with_email = [one for one in found if one[1].has_email]
    if not with_email:
        advice = "name the columns in the first line, one of them 'email'"
        raise InvalidValueError("has no column 'email'", advice)
    separator, columns = max(with_email, key=lambda one: len(one[1].names))
    if len(columns.names) > MOST_COLUMNS:
        problem = f"has more than {MOST_COLUMNS} columns"
        raise InvalidValueError(problem, "leave those that you need")
    if columns.repeated:
        raise InvalidValueError(
            f"has two columns '{columns.repeated}'", "rename or remove one of them"
        )
    return separator, columns


class _Reading:
    """What has been found so far in one file."""

    def __init__(self, file: str, audience: str) -> None:
        self.file = file
        self.audience = audience
        self.rows: list[SubscriberRow] = []
        self.problems = Problems(file)
        self.lines: dict[str, int] = {}  # email key to the line it was first seen on
        self.faulty = self.duplicates = self.inactive = 0

    def note(self, line: int, key: str, problem: str, advice: str) -> None:
        severity = Severity.NOTICE
        self.problems.add(FileProblem(self.file, line, key, problem, advice, severity))

    def take(self, row: Row, columns: Columns) -> None:
        values, wrong = _values(row, columns)
        if wrong:
            self.faulty += 1
            if self.problems.has_room():
                self.problems.add(as_one(self.file, row.line, wrong))
            else:
                self.problems.count(Severity.ERROR)
        elif values.pop("state", SubscriptionState.ACTIVE) is not SubscriptionState.ACTIVE:
            self.inactive += 1
        else:
            self._keep(row.line, values)

    def _keep(self, line: int, values: dict[str, Any]) -> None:
        email = values.pop(EMAIL)
        first = self.lines.setdefault(email_key(email), line)
        if first != line:
            self.duplicates += 1
            problem = f"{email} is already in line {first}, which counts"
            self.note(line, EMAIL, problem, "remove one of the two")
            return
        consent = Consent(values.pop("consented_at", None), values.pop("consent_source", ""))
        known = {name: values.pop(name) for name in MEANINGS if name in values}
        self._note_cadence(line, known.get("cadence", ""))
        self.rows.append(SubscriberRow(line, email, consent, fields=values, **known))

    def _note_cadence(self, line: int, word: str) -> None:
        # No reason to leave somebody out: templates and segments may know the word.
        if not word or word in list(Cadence):
            return
        if self.problems.has_room(Severity.NOTICE):
            problem = f"{quoted(word)} is no cadence, so that they get the default"
            advice = did_you_mean(word.lower(), list(Cadence))
            self.note(line, "cadence", problem, advice)
        else:
            self.problems.count(Severity.NOTICE)

    def result(self) -> SubscriberFile:
        if self.inactive:
            problem = (
                f"{self.inactive} rows are marked pending, ended or suppressed and were left out"
            )
            about_file = FileProblem(self.file, None, "state", problem, "", Severity.NOTICE)
            self.problems.add_about_file(about_file)
        return SubscriberFile(
            audience=self.audience,
            rows=tuple(self.rows),
            problems=self.problems.listed(),
            faulty=self.faulty,
            duplicates=self.duplicates,
            inactive=self.inactive,
        )


def _values(
    row: Row, columns: Columns
) -> tuple[dict[str, Any], list[tuple[str, InvalidValueError]]]:
    """What the cells of a row mean, and everything that is wrong with them, by column."""
    values: dict[str, Any] = {}
    if row.flaw:
        return values, [("", InvalidValueError(*row.flaw))]
    wrong: list[tuple[str, InvalidValueError]] = []
    for name, cell in _cells(row, columns):
        if not name:
            return values, [*wrong, ("", _stray(row, columns))]
        try:
            values[name] = MEANINGS.get(name, printable)(cell)
        except InvalidValueError as error:
            wrong.append((name, error))
            values[name] = None
    if EMAIL not in values:
        missing = InvalidValueError("is missing", "add the address or remove the row")
        wrong.append((EMAIL, missing))
    return values, wrong


def _cells(row: Row, columns: Columns) -> Iterator[tuple[str, str]]:
    """The cells that say something, each with its column's name, or "" beyond the named ones."""
    for index, written in enumerate(row.cells):
        cell = unguarded(written.strip())
        if cell:
            yield columns.names[index] if index < len(columns.names) else "", cell


def _stray(row: Row, columns: Columns) -> InvalidValueError:
    if len(row.cells) > len(columns.names):
        problem = f"has {len(row.cells)} cells, but there are {len(columns.names)} columns"
        return InvalidValueError(problem, "put a text that contains the separator in quotes")
    advice = "name that column in the first line"
    return InvalidValueError("has a cell in a column without a name", advice)
