"""Who got an edition and who did not, one by one and by reason; as a table for spreadsheets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from starlette.responses import Response, StreamingResponse

from dispatch.config.people.export_deliveries import write_deliveries
from dispatch.errors import NotFound
from dispatch.model.delivery.event import Later
from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.model.delivery.with_later import WithLater
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.model.people.subscriber import Subscriber
from dispatch.model.team.role import Right
from dispatch.model.text.suggestions import did_you_mean
from dispatch.pipeline.events.look_back import came_to, with_later
from dispatch.store.delivery.row_keys import is_of_snippet
from dispatch.store.transactions import Store, Transaction
from dispatch.web.team.came_later import LISTED, Then, badge_of, then_of
from dispatch.web.team.campaign_titles import file_name
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

CAME_BACK = (Later.BOUNCED, Later.SOFT_BOUNCED, Later.COMPLAINED, Later.DROPPED)
"""Who did not get it after all, or did not want it."""

EVERYBODY = "everybody"
IN_MEMORY = 1_000_000
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Tab:
    """One choice of states; `waits` where somebody has to decide about them.

    `name` is as the address says it after `by`, and `badge` the state whose word is on it.
    """

    name: str
    number: int
    waits: bool = False
    by: str = "state"
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for: states, none for all; or what came later instead."""

    name: str
    states: tuple[DeliveryState, ...] = ()
    later: Later | None = None

    @property
    def query(self) -> dict[str, str]:
        """As it stands in an address."""
        return {"later" if self.later else "state": self.name}


@dataclass(frozen=True, slots=True)
class Entry:
    """One delivery as its row says it; `person` names the page of who got it."""

    delivery: Delivery
    name: str
    person: str
    words: str
    language: str
    then: Then | None
    post: str = ""  # where people see it on a network


def show(visit: Visit) -> Response:
    """The list; `state` or `later` choose, `q` is one address, `after` the key before a page."""
    edition, chosen = edition_of(visit), _chosen(visit)
    address = visit.asked("q")
    with visit.app.store.read() as tx:
        counted, later = tx.deliveries.counted(edition), tx.later.counts(edition)
        found = _of_address(edition, address, tx) if address else _page(visit, edition, chosen, tx)
        shown = found[:A_PAGE]
        people = tx.subscribers.get([one.subscriber_id for one in shown if one.subscriber_id])
        then = tx.later.of(one.id for one in shown)
        posts = tx.published.addresses([one.id for one in shown if is_of_snippet(one.id)])
    thens = {key: then_of(one, visit.times) for key, one in then.items()}
    counts = counted.by_state
    goes_on = edition.state is not EditionState.CANCELLED and visit.may(Right.MEND)
    kinds = shown_reasons(counted.reasons, visit.words) if chosen.later is None else []
    wanted = {state.value for state in chosen.states or DeliveryState}
    return visit.page(
        "deliveries.html",
        here="editions",
        edition=edition,
        content=edition.content,
        chosen=chosen,
        query=with_query("", **chosen.query),
        tabs=_tabs(counts, later, counted.total),
        total=counted.total,
        missed=sum(counts.get(state, 0) for state in MISSED[:2])
        + counts.get(DeliveryState.SUPPRESSED, 0),
        unknown=counts.get(DeliveryState.UNKNOWN, 0),
        accepted=counts.get(DeliveryState.ACCEPTED, 0),
        came_back=sum(later.get(state, 0) for state in CAME_BACK),
        kinds=[one for one in kinds if one.state in wanted],
        entries=[
            replace(_entry(one, people, thens, visit), post=posts.get(one.id, "")) for one in shown
        ],
        titles={str(post.id): post.title for post in edition.content.posts},
        address=address,
        retry=goes_on,
        failed=counts.get(DeliveryState.FAILED, 0),
        begun=bool(visit.asked("after")),
        next_page=with_query("", **chosen.query, after=shown[-1].id) if len(found) > A_PAGE else "",
    )


def _of_address(edition: Edition, address: str, tx: Transaction) -> list[Delivery]:
    reader = tx.subscribers.find(address)
    return tx.delivery_pages.to_reader(edition, reader.id) if reader else []


def _page(visit: Visit, edition: Edition, chosen: Choice, tx: Transaction) -> list[Delivery]:
    """One more than fits on a page, where there are more."""
    after = number_in(visit.asked("after")) or 0
    if chosen.later is None:
        return tx.delivery_pages.page(edition, chosen.states, after=after, most=A_PAGE + 1)
    told = tx.later.page(edition, [chosen.later], after=after, most=A_PAGE + 1)
    return tx.delivery_pages.with_keys(edition, [one.delivery for one in told])


def download(visit: Visit) -> Response:
    """The same as a file: all of one state, or who did not get it, or everybody."""
    return sheet_of(visit.app.store, edition_of(visit), _chosen(visit))


def sheet_of(store: Store, edition: Edition, chosen: Choice) -> Response:
    """The deliveries of an edition as CSV."""
    file = SpooledTemporaryFile(  # noqa: SIM115 - closed when it has been sent
        IN_MEMORY, mode="w+", encoding="utf-8", newline=""
    )
    with store.read() as tx:
        write_deliveries(_rows(edition, chosen, tx), cast("IO[str]", file))
    file.seek(0)
    day, which = f"{edition.content.slot:%Y-%m-%d}", chosen.name.replace(" ", "-")
    name = f"{file_name(edition.campaign)}-{day}-{which}.csv"
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


def _rows(edition: Edition, chosen: Choice, tx: Transaction) -> Iterator[WithLater]:
    if chosen.later is None:
        return with_later(tx.deliveries.latest(edition=edition, states=chosen.states), tx)
    return came_to(edition, [chosen.later], tx)


def _chosen(visit: Visit) -> Choice:
    """What the address asks for; raises NotFound."""
    later = visit.asked("later")
    if later:
        try:
            return Choice(later, later=Later(later))
        except ValueError:
            raise NotFound(f"later {later}: no such state - {did_you_mean(later, Later)}") from None
    asked = visit.asked("state")
    if asked in {"", "missed"}:
        return Choice("missed", MISSED)
    if asked == EVERYBODY:
        return Choice(asked)
    try:
        return Choice(asked, (DeliveryState(asked),))
    except ValueError:
        advice = did_you_mean(asked, [*DeliveryState, "missed", EVERYBODY])
        raise NotFound(f"state {asked}: no such state - {advice}") from None


def _tabs(counts: Mapping[DeliveryState, int], later: Mapping[Later, int], total: int) -> list[Tab]:
    tabs = [Tab("missed", sum(counts.get(state, 0) for state in MISSED))]
    waits = {DeliveryState.FAILED, DeliveryState.UNKNOWN}
    going = (DeliveryState.ACCEPTED, DeliveryState.SENDING, DeliveryState.PENDING)
    states = {
        state: Tab(state.value, counts[state], state in waits, badge=state.value)
        for state in (*MISSED, *going)
        if counts.get(state)
    }
    came = [
        Tab(state.value, later[state], by="later", badge=badge_of(state))
        for state in LISTED
        if later.get(state)
    ]
    return [
        *tabs,
        *(tab for state, tab in states.items() if state not in going),
        *came,
        *(tab for state, tab in states.items() if state in going),
        Tab(EVERYBODY, total),
    ]


def _entry(
    one: Delivery, people: Mapping[int, Subscriber], thens: Mapping[int, Then | None], visit: Visit
) -> Entry:
    words, language = shown_reason(one.reason, visit.words) if one.reason else ("", "")
    who = people.get(one.subscriber_id or 0)
    name, person = (who.name, who.public_id) if who else ("", "")
    return Entry(one, name, person, words, language, thens.get(one.id))
