"""Pictures that stand beside snippets, in our store as long as somebody may need them."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from dispatch.clock import Clock
from dispatch.model.editions.card import KeptPicture
from dispatch.model.editions.edition import NOT_SENT, EditionState
from dispatch.store.transactions import Store

KEPT_FOR = timedelta(days=90)
"""How long a picture is kept after it was last found; longer, while it may still go out."""

MAY_GO_OUT = NOT_SENT | {EditionState.SENDING, EditionState.PAUSED}


def kept_pictures(marks: Collection[str], *, store: Store) -> Mapping[str, KeptPicture]:
    """Those of these pictures that are there, by their marks."""
    with store.read() as tx:
        return tx.pictures.of(marks)


def forget_pictures(*, store: Store, clock: Clock) -> int:
    """Forget pictures that are old and of no edition that may still go out; how many."""
    before = clock() - KEPT_FOR
    with store.read() as tx:
        old = set(tx.pictures.older(before))
        if not old:
            return 0
        for edition in tx.editions.in_state(None, MAY_GO_OUT):
            for card in edition.content.cards:
                old -= set(card.marks)
    with store.begin() as tx:
        return tx.pictures.forget(old, before=before)
