"""Who got an edition and who did not, one by one and by reason; as a table for spreadsheets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from starlette.responses import Response, StreamingResponse

from dispatch.config.people.export_deliveries import write_deliveries
from dispatch.errors import NotFound
from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.model.team.role import Right
from dispatch.model.text.suggestions import did_you_mean
from dispatch.web.team.delivery_reasons import shown_reason, shown_reasons
from dispatch.web.team.live import edition_of
from dispatch.web.team.numbers import number_in
from dispatch.web.team.queries import with_query
from dispatch.web.team.visit import Visit

A_PAGE = 50

MISSED = (
    DeliveryState.REFUSED,
    DeliveryState.FAILED,
    DeliveryState.UNKNOWN,
    DeliveryState.SUPPRESSED,
)
"""Who did not get it, or may not have."""

EVERYBODY = "everybody"
IN_MEMORY = 1_000_000
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Tab:
    """One choice of states; `waits` where somebody has to decide about them."""

    name: str
    number: int
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One delivery as its row says it."""

    delivery: Delivery
    name: str
    words: str
    language: str


def show(visit: Visit) -> Response:
    """The list; `state` chooses, `q` is one address, `after` the key that a page begins behind."""
    edition = edition_of(visit)
    chosen, states = _chosen(visit)
    after, address = visit.asked("after"), visit.asked("q")
    with visit.app.store.read() as tx:
        counted = tx.deliveries.counted(edition)
        if address:
            reader = tx.subscribers.find(address)
            found = tx.delivery_pages.to_reader(edition, reader.id) if reader else []
        else:
            start = number_in(after) or 0
            found = tx.delivery_pages.page(edition, states, after=start, most=A_PAGE + 1)
        shown = found[:A_PAGE]
        people = tx.subscribers.get([one.subscriber_id for one in shown if one.subscriber_id])
    names = {one.id: one.name for one in people.values()}
    counts = counted.by_state
    goes_on = edition.state is not EditionState.CANCELLED and visit.may(Right.MEND)
    kinds = shown_reasons(counted.reasons, visit.words)
    return visit.page(
        "deliveries.html",
        here="editions",
        edition=edition,
        content=edition.content,
        chosen=chosen,
        tabs=_tabs(counts, counted.total),
        total=counted.total,
        missed=sum(counts.get(state, 0) for state in MISSED[:2])
        + counts.get(DeliveryState.SUPPRESSED, 0),
        unknown=counts.get(DeliveryState.UNKNOWN, 0),
        accepted=counts.get(DeliveryState.ACCEPTED, 0),
        kinds=[one for one in kinds if not states or DeliveryState(one.state) in states],
        entries=[_entry(one, names, visit) for one in shown],
        address=address,
        retry=goes_on,
        failed=counts.get(DeliveryState.FAILED, 0),
        begun=bool(after),
        next_page=with_query("", state=chosen, after=shown[-1].id) if len(found) > A_PAGE else "",
    )


def download(visit: Visit) -> Response:
    """The same as a file: all of one state, or who did not get it, or everybody."""
    edition = edition_of(visit)
    chosen, states = _chosen(visit)
    file = SpooledTemporaryFile(  # noqa: SIM115 - closed when it has been sent
        IN_MEMORY, mode="w+", encoding="utf-8", newline=""
    )
    with visit.app.store.read() as tx:
        write_deliveries(
            tx.deliveries.latest(edition=edition, states=states), cast("IO[str]", file)
        )
    file.seek(0)
    name = f"{edition.campaign}-{edition.content.slot:%Y-%m-%d}-{chosen}.csv"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(_pieces(file), media_type="text/csv", headers=headers)


def _pieces(file: "SpooledTemporaryFile[str]") -> Iterator[str]:
    with file:
        while piece := file.read(CHUNK):
            yield piece


def _chosen(visit: Visit) -> tuple[str, tuple[DeliveryState, ...]]:
    """What the address asks for: its name, and the states; none: all. Raises NotFound."""
    asked = visit.asked("state")
    if asked in {"", "missed"}:
        return "missed", MISSED
    if asked == EVERYBODY:
        return asked, ()
    try:
        return asked, (DeliveryState(asked),)
    except ValueError:
        advice = did_you_mean(asked, [*DeliveryState, "missed", EVERYBODY])
        raise NotFound(f"state {asked}: no such state - {advice}") from None


def _tabs(counts: Mapping[DeliveryState, int], total: int) -> list[Tab]:
    tabs = [Tab("missed", sum(counts.get(state, 0) for state in MISSED))]
    waits = {DeliveryState.FAILED, DeliveryState.UNKNOWN}
    tabs += [
        Tab(state.value, counts[state], state in waits)
        for state in (*MISSED, DeliveryState.ACCEPTED, DeliveryState.SENDING, DeliveryState.PENDING)
        if counts.get(state)
    ]
    return [*tabs, Tab(EVERYBODY, total)]


def _entry(one: Delivery, names: Mapping[int, str], visit: Visit) -> Entry:
    words, language = shown_reason(one.reason, visit.words) if one.reason else ("", "")
    return Entry(one, names.get(one.subscriber_id or 0, ""), words, language)
