"""Decide about deliveries that went wrong: send them again, or believe that they have arrived.

Nothing is sent here. What is to go out waits for the next worker, as if it had never been tried.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from dispatch.channels.smtp.about import About, read_reason
from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.delivery.state import DeliveryState, On
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.store.transactions import Store, Transaction

GOES_OUT = frozenset({EditionState.SENDING, EditionState.PAUSED, EditionState.FINISHED})
ADDRESSED = GOES_OUT | {EditionState.CANCELLED}

_MOVED = {
    "edition.retry": (DeliveryState.FAILED, DeliveryState.REFUSED),
    "edition.resend": (DeliveryState.UNKNOWN,),
    "edition.believe": (DeliveryState.UNKNOWN,),
}
"""Which deliveries are moved by what a person does."""

Decide = Callable[[Edition, Transaction, datetime], tuple[int, int]]
"""Changes an edition's deliveries: how many, and how many doubtful ones it has left alone."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """An edition as it stands now, and for how many of its deliveries something was decided.

    `doubtful` are those that stay refused, though it may be the account that was meant.
    """

    edition: Edition
    deliveries: int
    doubtful: int = 0


def retry_failed(
    *,
    by: str,
    store: Store,
    clock: Clock,
    edition_id: str | None = None,
    channel: str | None = None,
    refused: bool = False,
    keys: Collection[int] | None = None,
) -> list[Resolved]:
    """Have failed deliveries sent again, of one edition or of all that were not cancelled.

    With `keys`, only those of them. So is what was refused for a limit or for want of permission,
    which says nothing about the recipient; with `refused` also what was refused in words that leave
    it open. What may have arrived is neither failed nor refused, or is left alone as its provider
    has told of it, so that this gives nobody a second copy. Raises Conflict for an edition that was
    cancelled or is not addressed.
    """
    reason = f"{by} had it sent again"

    def resend(edition: Edition, tx: Transaction, now: datetime) -> tuple[int, int]:
        decide = partial(
            tx.deliveries.decide,
            edition,
            on=On.RESENT,
            reason=reason,
            now=now,
            channel=channel,
            keys=keys,
        )
        number, doubtful = decide(state=DeliveryState.FAILED), 0
        for was, count in tx.deliveries.refusals(edition, channel=channel).items():
            reading = read_reason(was)
            if reading.about is not About.RECIPIENT or (refused and not reading.sure):
                number += decide(state=DeliveryState.REFUSED, was=was)
            elif not reading.sure:
                doubtful += count
        return number, doubtful

    return [
        _decide(one, On.RESENT, resend, act="edition.retry", by=by, store=store, clock=clock)
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
    keys: Collection[int] | None = None,
) -> list[Resolved]:
    """Have unknown deliveries sent again (On.RESENT), or count them as accepted (On.BELIEVED).

    They are those of one edition or of all, of one `recipient`, or those with these `keys`. What is
    sent again may arrive twice. Of what its provider has told something is accepted instead. Raises
    Conflict where the edition's state does not allow it.
    """
    words = "had it sent again, though it may have arrived" if on is On.RESENT else "accepted it"

    def settle(edition: Edition, tx: Transaction, now: datetime) -> tuple[int, int]:
        some: dict[str, Any] = {"now": now, "recipient": recipient, "keys": keys}
        decide = partial(tx.deliveries.decide, edition, DeliveryState.UNKNOWN, **some)
        # A worker that died did not look whether anything was told of what it had lost.
        believed = decide(on=On.TOLD, reason=On.TOLD.value)
        if on is On.RESENT:
            tx.published.count_anew(edition.number, recipient=recipient, keys=keys)
        return believed + decide(on=on, reason=f"{by} {words}"), 0

    act = "edition.resend" if on is On.RESENT else "edition.believe"
    return [
        _decide(one, on, settle, act=act, by=by, store=store, clock=clock)
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
    check_state(edition, states)
    return [edition]


def check_state(edition: Edition, states: Iterable[EditionState]) -> None:
    """Raise Conflict unless the edition is in one of these states."""
    if edition.state in states:
        return
    if edition.state is EditionState.CANCELLED:
        problem = "was cancelled - nothing of it is sent any more"
    else:
        problem = f"is {edition.state} - it has no deliveries"
    raise Conflict(f"edition {edition.id}: {problem}")


def _decide(
    edition: Edition,
    on: On,
    decide: Decide,
    *,
    act: str,
    by: str,
    store: Store,
    clock: Clock,
) -> Resolved:
    with store.begin() as tx:
        # Batches first, as workers do, or each waits for what the other has locked.
        tx.batches.lock(edition.id)
        edition = tx.editions.get(edition.id, lock=True)
        check_state(edition, GOES_OUT if on is On.RESENT else ADDRESSED)
        now = clock()
        number, doubtful = decide(edition, tx, now)
        if number:
            tx.batches.recount(edition.id, _MOVED[act])
            tx.audit.add(
                act, by=by, now=now, kind="edition", subject=edition.id,
                campaign=edition.campaign, deliveries=number,
            )  # fmt: skip
        if number and on is On.BELIEVED:
            tx.published.believe(edition.number, now=now)
            if edition.state is EditionState.FINISHED:
                tx.batches.keep_totals(edition.id)  # lists go by them
        if number and on is On.RESENT:
            tx.batches.reopen(edition.id, now=now)
            go_on(edition, tx)
        return Resolved(tx.editions.get(edition.id), number, doubtful)


def go_on(edition: Edition, tx: Transaction) -> None:
    """Let an edition go out again that was finished, as something of it waits anew."""
    if edition.state is EditionState.FINISHED:
        anew = {"finished_at": None, "answered": 0, "refused": 0}
        tx.editions.move(edition, EditionState.SENDING, **anew)
