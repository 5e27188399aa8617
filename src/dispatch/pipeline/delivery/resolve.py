"""Decide about deliveries that went wrong: send them again, or believe that they have arrived.

Nothing is sent here. What is to go out waits for the next worker, as if it had never been tried.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.delivery.state import DeliveryState, On
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.store.transactions import Store, Transaction

GOES_OUT = frozenset({EditionState.SENDING, EditionState.PAUSED, EditionState.FINISHED})
ADDRESSED = GOES_OUT | {EditionState.CANCELLED}


@dataclass(frozen=True, slots=True)
class Resolved:
    """An edition as it is now, and about how many of its deliveries something was decided."""

    edition: Edition
    deliveries: int


def retry_failed(
    *,
    by: str,
    store: Store,
    clock: Clock,
    edition_id: str | None = None,
    channel: str | None = None,
) -> list[Resolved]:
    """Have failed deliveries sent again, of one edition or of all that were not cancelled.

    A delivery that may have arrived is never "failed", so that nobody gets a second copy. Raises
    Conflict for an edition that was cancelled or is not addressed.
    """
    return [
        _decide(
            one,
            DeliveryState.FAILED,
            On.RESENT,
            reason=f"{by} had it sent again",
            store=store,
            clock=clock,
            channel=channel,
        )
        for one in _editions(edition_id, GOES_OUT, store)
    ]


def resolve_unknown(
    on: On,
    *,
    by: str,
    store: Store,
    clock: Clock,
    edition_id: str | None = None,
    recipient: str | None = None,
) -> list[Resolved]:
    """Have unknown deliveries sent again (On.RESENT), or count them as accepted (On.BELIEVED).

    What is sent again may arrive twice. Raises Conflict where the edition's state does not allow
    it.
    """
    words = "had it sent again, though it may have arrived" if on is On.RESENT else "accepted it"
    return [
        _decide(
            one,
            DeliveryState.UNKNOWN,
            on,
            reason=f"{by} {words}",
            store=store,
            clock=clock,
            recipient=recipient,
        )
        for one in _editions(edition_id, _allowing(on), store)
    ]


def count_unknown(
    on: On, *, store: Store, edition_id: str | None = None, recipient: str | None = None
) -> int:
    """How many deliveries `resolve_unknown` would decide about; raises what it would raise."""
    number = 0
    for one in _editions(edition_id, _allowing(on), store):
        with store.read() as tx:
            number += tx.deliveries.count(one, DeliveryState.UNKNOWN, recipient=recipient)
    return number


def _allowing(on: On) -> frozenset[EditionState]:
    return GOES_OUT if on is On.RESENT else ADDRESSED


def _editions(
    edition_id: str | None, states: Iterable[EditionState], store: Store
) -> list[Edition]:
    with store.read() as tx:
        if edition_id is None:
            return tx.editions.in_state(None, states)
        edition = tx.editions.get(edition_id)
    _check(edition, states)
    return [edition]


def _check(edition: Edition, states: Iterable[EditionState]) -> None:
    if edition.state in states:
        return
    if edition.state is EditionState.CANCELLED:
        problem = "was cancelled - nothing of it is sent any more"
    else:
        problem = f"is {edition.state} - it has no deliveries"
    raise Conflict(f"edition {edition.id}: {problem}")


def _decide(
    edition: Edition,
    state: DeliveryState,
    on: On,
    *,
    reason: str,
    store: Store,
    clock: Clock,
    channel: str | None = None,
    recipient: str | None = None,
) -> Resolved:
    with store.begin() as tx:
        # Batches first, as workers do, or each waits for what the other has locked.
        tx.batches.lock(edition.id)
        edition = tx.editions.get(edition.id, lock=True)
        _check(edition, GOES_OUT if on is On.RESENT else ADDRESSED)
        now = clock()
        number = tx.deliveries.decide(
            edition, state, on, reason=reason, now=now, channel=channel, recipient=recipient
        )
        if number and on is On.RESENT:
            tx.batches.reopen(edition.id, now=now)
            _go_on(edition, tx)
        return Resolved(tx.editions.get(edition.id), number)


def _go_on(edition: Edition, tx: Transaction) -> None:
    if edition.state is EditionState.FINISHED:
        anew = {"finished_at": None, "answered": 0, "refused": 0}
        tx.editions.move(edition, EditionState.SENDING, **anew)
