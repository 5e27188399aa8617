"""A person decides that an account is told something once more."""

from collections.abc import Collection

from dispatch.clock import Clock
from dispatch.model.delivery.state import DeliveryState, On
from dispatch.pipeline.delivery.publishing import TOLD_ALREADY
from dispatch.pipeline.delivery.resolve import GOES_OUT, Resolved, check_state, go_on
from dispatch.store.transactions import Store

_MOST = 10_000
"""More snippets than an edition has."""


def tell_again(
    edition_id: str,
    *,
    by: str,
    store: Store,
    clock: Clock,
    keys: Collection[int] | None = None,
) -> Resolved:
    """Have snippets of an edition go out that were refused as their account was told already.

    With `keys` only those of them. Each is reserved by that, so that nobody is asked once more.
    Raises Conflict for an edition that was cancelled or is not addressed.
    """
    with store.begin() as tx:
        edition = tx.editions.get(edition_id)
        tx.batches.lock(edition.id)  # first, as workers do
        edition = tx.editions.get(edition.id, lock=True)
        check_state(edition, GOES_OUT)
        now = clock()
        refused = [
            one.id
            for one in tx.delivery_pages.page(edition, [DeliveryState.REFUSED], most=_MOST)
            if one.reason.startswith(TOLD_ALREADY) and (keys is None or one.id in keys)
        ]
        tx.published.allow(refused, now=now)
        number = tx.deliveries.decide(
            edition,
            DeliveryState.REFUSED,
            On.RESENT,
            reason=f"{by} had it told again",
            now=now,
            keys=refused,
        )
        if number:
            tx.batches.recount(edition.id, [DeliveryState.REFUSED])
            tx.audit.add(
                "edition.tell_again", by=by, now=now, kind="edition", subject=edition.id,
                campaign=edition.campaign, deliveries=number,
            )  # fmt: skip
            tx.batches.reopen(edition.id, now=now)
            go_on(edition, tx)
        return Resolved(tx.editions.get(edition.id), number)
