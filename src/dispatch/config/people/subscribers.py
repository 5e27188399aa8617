"""subscribers/<audience>.csv: how people come in. A bad row never stops the good ones."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dispatch.config.csv.encoding import Encoding, encoding_of
from dispatch.config.csv.rows import SEPARATORS, Row, declared_separator, row_blocks, rows_of
from dispatch.config.files.problems import FileProblem, InvalidValueError, Severity, quoted
from dispatch.config.people.columns import Columns, columns_of
from dispatch.config.people.gathering import FirstNamed, Gathering, Listed
from dispatch.config.people.reading import Reading
from dispatch.config.values import simple as words
from dispatch.config.values.columns import Rules
from dispatch.model.people.subscriber import SubscriberRow
from dispatch.regular_files import open_regular, why_unread

FOLDER = "subscribers"

MOST_COLUMNS = 1_000

FIRST = 10_000
"""So many of a file's people are named in what is said of it."""


@dataclass(frozen=True, slots=True)
class SubscriberFile:
    """What one file brings in.

    `problems` are in the order of the file, one for a row. Where there are very many, some are
    left out. `readable` is false where the file as a whole could not be used: then there are no
    people and one problem. Of the rest, `faulty` rows have an error, `duplicates` repeat an address
    (the first one counts), `inactive` say themselves that consent is pending or has ended, and
    `people` are how many come in; `rows` are those where they were asked for, and `first` the
    addresses of the first FIRST of them.
    `own_columns` are kept as fields. `shown` is the file as messages name it.
    """

    audience: str
    rows: tuple[SubscriberRow, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    readable: bool = True
    faulty: int = 0
    duplicates: int = 0
    inactive: int = 0
    people: int = field(default=0, compare=False)
    first: tuple[str, ...] = field(default=(), compare=False, repr=False)
    own_columns: tuple[str, ...] = field(default=(), compare=False)
    shown: str = field(default="", compare=False)


def read_audience_files(folder: Path) -> list[Path]:
    """The files of a workspace that bring people in, by name; none without such a folder.

    A folder that we may not look into stands for its files, so that it is told like one of them.
    """
    if (folder / FOLDER).is_dir() and not os.access(folder / FOLDER, os.R_OK | os.X_OK):
        return [folder / FOLDER]
    return sorted(
        path
        for path in (folder / FOLDER).glob("*")
        # Spreadsheets leave .~lock.x.csv# and ~$x.csv beside an open file. What is no file is told.
        if path.suffix.lower() == ".csv" and path.name[0] not in ".~" and not path.is_dir()
    )


def count_lines(path: Path) -> int:
    """About how many people a file has, without reading it; 0 where it cannot be opened."""
    try:
        with open_regular(path) as file:
            blocks = iter(lambda: file.read(1 << 20), b"")
            return max(sum(block.count(b"\n") for block in blocks) - 1, 0)
    except OSError:
        return 0


def read_subscribers(
    path: Path, *, audience: str | None = None, rules: Mapping[str, Rules] | None = None
) -> SubscriberFile:
    """Read one file that is not large, with its rows."""
    listed = Listed()
    file = read_people(path, listed, audience=audience, rules=rules)
    return replace(file, rows=listed.rows() if file.readable else ())


def read_people(
    path: Path,
    into: Gathering,
    *,
    audience: str | None = None,
    rules: Mapping[str, Rules] | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> SubscriberFile:
    """Read one file; its name is the audience's, unless another is given.

    Who is in it goes `into` somewhere, and counts only where the file turns out to be readable.
    `rules` are what schedules.yaml says of columns, by audience. Never raises for what is in the
    file, or for a file that cannot be read.
    """
    shown = f"{FOLDER}/{path.name}" if path.parent.name == FOLDER else path.name
    try:
        name = words.name(audience or path.stem)
        first = FirstNamed(into, FIRST)
        file = _read(path, Reading(shown, name, first), (rules or {}).get(name, {}), progress)
        return replace(file, first=first.emails() if file.readable else ())
    except InvalidValueError as error:
        problem = error.at(shown, None, "")
    except FileNotFoundError:
        problem = FileProblem(shown, None, "", "there is no such file", "check the path")
    except IsADirectoryError:
        words_of_it = "cannot be read, as it is a folder", "name one of its files"
        if not os.access(path, os.R_OK | os.X_OK):
            words_of_it = "cannot be read (permission denied)", "check its permissions"
        problem = FileProblem(shown, None, "", *words_of_it)
    except OSError as error:
        problem = FileProblem(shown, None, "", *why_unread(error))
    return SubscriberFile(audience or path.stem, problems=(problem,), readable=False)


def _read(
    path: Path, reading: Reading, rules: Rules, progress: Callable[[int], None]
) -> SubscriberFile:
    encoding = encoding_of(path)
    if encoding.guessed:
        problem = f"is not UTF-8, so the file was read as {encoding.guessed}"
        advice = "check that accents are right, or save it as 'CSV UTF-8'"
        line, severity = encoding.guessed_at, Severity.NOTICE
        about_file = FileProblem(reading.file, line, "", problem, advice, severity)
        reading.problems.add_about_file(about_file)
    separator, columns = read_header(path, encoding, rules)
    with encoding.open(path) as file:
        begun = False
        for found in row_blocks(file, separator, is_row=columns.is_row):
            if not isinstance(found, Row):
                reading.take_all(found)
                progress(len(found.lines))
            elif begun:
                reading.take(found)
                progress(1)
            else:
                reading.begin(columns, found.line)
                begun = True
    if reading.unclear:
        return SubscriberFile(reading.audience, problems=(reading.unclear,), readable=False)
    reading.end()
    return SubscriberFile(
        audience=reading.audience,
        problems=reading.problems.listed(),
        faulty=reading.faulty,
        duplicates=reading.duplicates,
        inactive=reading.kept_out.number,
        people=reading.people,
        own_columns=columns.own,
        shown=reading.file,
    )


def read_header(path: Path, encoding: Encoding, rules: Rules) -> tuple[str, Columns]:
    """The separator that the file names or that makes most of the first line, and the columns."""
    with encoding.open(path) as file:
        declared = declared_separator(file)
    found: list[tuple[str, Columns]] = []
    unread: InvalidValueError | None = None
    for separator in (declared,) if declared else SEPARATORS:
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
            found.append((separator, columns_of(row.cells, rules)))
    if unread and not found:
        raise unread
    with_email = [one for one in found if one[1].has_email]
    if not with_email:
        raise _without_email(max((list(one.headings.values()) for _, one in found), key=len))
    separator, columns = max(with_email, key=lambda one: len(one[1].names))
    _check(columns)
    return separator, columns


def _without_email(headings: Sequence[str]) -> InvalidValueError:
    if any("@" in one for one in headings):
        problem = "has no line with the names of its columns"
        return InvalidValueError(problem, "add one before the first person, such as email,name")
    advice = "name the columns in the first line, one of them 'email'"
    if written := [quoted(one) for one in headings if one]:
        advice += f"; they are {', '.join(written[:5])} now"
    return InvalidValueError("has no column 'email'", advice)


def _check(columns: Columns) -> None:
    if len(columns.names) > MOST_COLUMNS:
        problem = f"has more than {MOST_COLUMNS} columns"
        raise InvalidValueError(problem, "leave those that you need")
    if columns.repeated:
        raise InvalidValueError(
            f"has two columns '{columns.repeated}'", "rename or remove one of them"
        )
