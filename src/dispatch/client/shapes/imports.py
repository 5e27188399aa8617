# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of imports."""

from typing import Literal, NotRequired, TypedDict


class BringIn(TypedDict):
    """That a file is to be brought in as it was looked at."""

    new: int
    """How many it would bring, as it was looked at."""
    ground: NotRequired[str]
    """How those agreed of whom the file does not say it; empty: as said before."""


class ImportColumn(TypedDict):
    """A column of a file."""

    heading: str
    first: str
    """What is in its first cell."""
    taken_for: str
    said: str
    """What somebody said that it is, if they did."""


class RefusedRows(TypedDict):
    """Rows that do not count, by the reason."""

    why: str
    number: int
    first: list[list[int | str]]
    """The first of them: the line, and what it is."""


UploadState = Literal["looking", "looked", "importing", "done"]
"""How far it is."""


class Import(TypedDict):
    """A file of people, which is kept for a day: how far it is, and what was found in it."""

    id: str
    name: str
    by: str
    state: UploadState
    """looked: it waits for a decision."""
    audience: str
    merge: str
    """Empty: as schedules.yaml says."""
    ground: str
    made: str
    ends: str
    """When it is forgotten."""
    done: int
    """Rows that are through with what is being done."""
    total: int
    readable: bool
    rows: int
    new: int
    """Who would come in; once it is done, who has."""
    changed: int
    unchanged: int
    refused: list[RefusedRows]
    columns: list[ImportColumn]
    problems: list[str]
    """Sentences about what is wrong with it."""


class ImportRow(TypedDict):
    """One person, as a file says it; other columns are in `fields`."""

    email: str
    name: NotRequired[str]
    locale: NotRequired[str]
    timezone: NotRequired[str]
    topics: NotRequired[list[str]]
    cadence: NotRequired[str]
    consented_at: NotRequired[str | None]
    consent_source: NotRequired[str]
    fields: NotRequired[dict[str, str]]


Merge = Literal["replace", "overwrite", "fill", "keep"]
"""What a file does to what is known of somebody who is here already."""


class ImportRows(TypedDict):
    """People, as rows."""

    audience: str
    rows: list[ImportRow]
    merge: NotRequired[Merge | None]
    ground: NotRequired[str]


class LookAgain(TypedDict):
    """How a file is to be read instead; what is left out stays."""

    audience: NotRequired[str | None]
    columns: NotRequired[dict[str, str] | None]
    """Heading to what its column is taken for; the others stay as they were found."""
    merge: NotRequired[Merge | None]
    ground: NotRequired[str | None]
