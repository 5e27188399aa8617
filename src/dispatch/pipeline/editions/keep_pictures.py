"""Pictures beside snippets and in pieces, in our store as long as somebody may need them."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from dispatch.clock import Clock
from dispatch.model.editions.card import KeptPicture
from dispatch.model.editions.edition import NOT_SENT, EditionState
from dispatch.store.transactions import Store

KEPT_FOR = timedelta(days=90)
"""How long a picture is kept after it was last found; longer, while it may still go out."""

UPLOADED_KEPT_FOR = timedelta(days=30)
"""How long one that no piece shows is kept, as what somebody is writing may name it still."""

AT_A_LOOK = 20
"""Uploaded pictures that are looked for in all editions, which takes some seconds at worst."""

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


def forget_uploaded(*, store: Store, clock: Clock) -> int:
    """Forget some uploaded pictures that no piece has shown for long; how many.

    Those that one shows are young again, so that no text is searched each hour. Whoever keeps a
    piece meanwhile says so by `use`, which wins or finds it gone.
    """
    now = clock()
    before = now - UPLOADED_KEPT_FOR
    with store.read() as tx:
        old = tx.uploaded_pictures.older(before, most=AT_A_LOOK)
        shown = {mark for mark in old if tx.uploaded_pictures.is_shown(mark)}
    if not old:
        return 0
    with store.begin() as tx:
        tx.uploaded_pictures.use(shown, now=now)
        return tx.uploaded_pictures.forget([one for one in old if one not in shown], before=before)
