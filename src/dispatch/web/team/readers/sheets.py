"""Files about people that a browser keeps: CSV, written as it is read, and never cached."""

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from starlette.requests import Request
from starlette.responses import StreamingResponse

from dispatch.config.csv.sheet import write_sheet
from dispatch.web.limits import ANSWER_PATIENCE, FILE_SECONDS

AT_A_TIME = 1_000
"""Rows that are handed on at once."""

PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def sheet(
    request: Request, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> StreamingResponse:
    """A CSV file with a mark by which spreadsheets know that it is UTF-8."""
    request.scope[ANSWER_PATIENCE] = FILE_SECONDS
    disposition = f'attachment; filename="{name}.csv"'
    return StreamingResponse(
        _pieces(columns, rows),
        media_type="text/csv; charset=utf-8",
        headers=PRIVATE | {"Content-Disposition": disposition},
    )


def _pieces(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    heading = StringIO(newline="")
    write_sheet(columns, (), heading)
    yield "\ufeff" + heading.getvalue()
    some: list[Sequence[str]] = []
    for row in rows:
        some.append(row)
        if len(some) >= AT_A_TIME:
            yield _rows(some)
            some = []
    if some:
        yield _rows(some)


def _rows(rows: Sequence[Sequence[str]]) -> str:
    text = StringIO(newline="")
    write_sheet((), rows, text)
    return text.getvalue().removeprefix("\r\n")
