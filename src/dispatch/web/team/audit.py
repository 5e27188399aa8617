"""The audit log: who did what, when, on what and from where."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from starlette.responses import Response, StreamingResponse

from dispatch.config.csv.sheet import sheet_text
from dispatch.model.team.act import Done
from dispatch.store.transactions import Store
from dispatch.web.team.acts import KINDS, told
from dispatch.web.team.frame import HEADERS
from dispatch.web.team.numbers import number_in
from dispatch.web.team.queries import with_query
from dispatch.web.team.visit import Visit

A_PAGE = 50
AT_ONCE = 1_000
"""Lines of the CSV that are read and sent together."""

SINCE = (7, 30, 365)
"""Days that the log can be narrowed to."""

COLUMNS = ("when", "who", "act", "kind", "subject", "detail", "from")


def show(visit: Visit) -> Response:
    """A page of it, the newest first, narrowed to what the address asks for."""
    filters = _filters(visit)
    with visit.app.store.read() as tx:
        found = tx.audit.page(
            **filters, before=number_in(visit.asked("before")) or 0, most=A_PAGE + 1
        )
        lines = told(found[:A_PAGE], tx, visit)
        people = tx.persons.all(ended=True)
    asked = {name: visit.asked(name) for name in ("q", "who", "what", "since")}
    address = partial(with_query, f"{visit.base}/audit", asked)
    return visit.page(
        "audit.html",
        here="audit",
        lines=lines,
        people=people,
        kinds=list(KINDS),
        days=SINCE,
        asked=asked,
        narrowed=any(asked.values()),
        newer=address() if visit.asked("before") else "",
        older=address(before=found[A_PAGE - 1].id) if len(found) > A_PAGE else "",
    )


def download(visit: Visit) -> Response:
    """The same as CSV, all of it, page after page."""
    return sheet_of(visit.app.store, _filters(visit))


def sheet_of(store: Store, filters: dict[str, Any]) -> Response:
    """Lines as CSV; `filters` are those that a page of the log takes."""
    kept = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    sheet = _sheet(store, filters)
    return StreamingResponse(sheet, media_type="text/csv; charset=utf-8", headers=HEADERS | kept)


def _sheet(store: Store, filters: dict[str, Any]) -> Iterator[str]:
    yield "\ufeff" + sheet_text([COLUMNS])  # by which a spreadsheet knows that it is UTF-8
    before: int | None = 0
    while before is not None:
        with store.read() as tx:
            found = tx.audit.page(**filters, before=before, most=AT_ONCE)
        yield sheet_text(_rows(found))
        before = found[-1].id if len(found) == AT_ONCE else None


def _filters(visit: Visit) -> dict[str, Any]:
    days = number_in(visit.asked("since")) or 0
    return {
        "by": visit.asked("who"),
        "kinds": KINDS.get(visit.asked("what"), ()),
        "since": visit.now - timedelta(days=days) if 0 < days < 100_000 else None,
        "text": visit.asked("q"),
    }


def _rows(found: list[Done]) -> Iterator[tuple[str, ...]]:
    for one in found:
        detail = "; ".join(f"{key}: {_plain(value)}" for key, value in one.detail.items())
        when = one.at.isoformat(timespec="seconds")
        yield when, one.by, one.act, one.kind, one.subject, detail, one.origin


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
