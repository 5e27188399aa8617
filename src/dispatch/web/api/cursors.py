"""Pages of a list by a cursor: it says behind what to go on, so that all take the same time.

A cursor is opaque, and stays good: what comes in or goes meanwhile neither repeats nor hides
anything of the rest. It is of one list with its filters: of another it would leave things out, and
nobody would see it.
"""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from dispatch.errors import BadInput

Item = TypeVar("Item")
Row = TypeVar("Row")

MOST = 200
USUAL = 50
LONGEST = 500
_HIGHEST = 2**63


class PageQuery(BaseModel):
    """Which part of a list."""

    model_config = ConfigDict(extra="forbid")

    cursor: str = Field(
        default="", description="`next` of the page before; empty: the first.", max_length=LONGEST
    )
    limit: int = Field(default=USUAL, description="How many at most.", ge=1, le=MOST)


class Listed(BaseModel, Generic[Item]):
    """Part of a list."""

    items: list[Item] = Field(description="In the list's order.")
    next: str | None = Field(description="The cursor of the next page; null: this is the last.")


def behind(cursor: str, *kinds: type[str] | type[int]) -> tuple[Any, ...] | None:
    """What a cursor says, one value for each of `kinds`; None for the first page.

    Raises BadInput for what is no cursor of such a list.
    """
    if not cursor:
        return None
    try:
        said = json.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=="))
        values = tuple(said) if isinstance(said, list) else ()
    except (ValueError, RecursionError):
        values = ()
    fits = len(values) == len(kinds) and all(
        type(value) is kind for value, kind in zip(values, kinds, strict=True)
    )
    if not fits or any(_is_odd(value) for value in values):
        raise _strange()
    return values


def cursor_of(*values: str | int) -> str:
    """The cursor that says so.

    >>> behind(cursor_of("a@b.example", 7), str, int)
    ('a@b.example', 7)
    """
    said = json.dumps(values, separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(said.encode()).decode().rstrip("=")


def cut(
    rows: Sequence[Row], limit: int, key: Callable[[Row], tuple[str | int, ...]]
) -> tuple[Sequence[Row], str | None]:
    """A page and the cursor of the next, from rows of which one more was asked for than `limit`.

    `key` gives what the list goes on behind.
    """
    if len(rows) <= limit:
        return rows, None
    page = rows[:limit]
    return page, cursor_of(*key(page[-1]))


class Bound:
    """The cursors of one list with its filters, as clients have them; handlers see the rest."""

    def __init__(self, name: str, parts: Mapping[str, Any], asked: PageQuery) -> None:
        filters = asked.model_dump_json(exclude={"cursor", "limit"})
        said = json.dumps([name, sorted(parts.items()), filters]).encode()
        self._mark = urlsafe_b64encode(hashlib.sha256(said).digest()[:_MARK_BYTES]).decode()

    def opened(self, cursor: str) -> str:
        """What a client's cursor says; raises BadInput for one of another list, or of none."""
        if cursor and not cursor.startswith(self._mark):
            raise _strange()
        return cursor.removeprefix(self._mark)

    def closed(self, cursor: str) -> str:
        """The cursor as a client is to have it."""
        return self._mark + cursor


def _strange() -> BadInput:
    return BadInput(["cursor: is none of this list with these filters - begin without one"])


_MARK_BYTES = 6
MARK_LETTERS = _MARK_BYTES * 4 // 3
"""Of a cursor, in front: of which list it is."""


def _is_odd(value: str | int) -> bool:
    if isinstance(value, str):
        return "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value)
    return not -_HIGHEST <= value < _HIGHEST
