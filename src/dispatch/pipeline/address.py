"""Edition to Delivery rows: freeze who gets it, once per edition."""

from collections.abc import Iterator

from dispatch.clock import Clock
from dispatch.model.campaign import Each
from dispatch.model.edition import Edition, EditionContent, EditionState
from dispatch.pipeline.review import check_approved
from dispatch.render.segment import compile_segment
from dispatch.store.deliveries import Recipient
from dispatch.store.store import Store, Transaction

ADDRESSED = frozenset({EditionState.SENDING, EditionState.FINISHED})


def address_edition(edition_id: str, *, store: Store, clock: Clock) -> Edition:
    """Write one delivery row for each reader and snippet of an approved edition.

    The audience is frozen here, in one transaction with the edition's move to "sending", so that
    it happens once. An edition that is addressed already is returned as it is. Raises Conflict if
    it was not approved, or is not what was approved.
    """
    with store.begin() as tx:
        edition = tx.editions.get(edition_id, lock=True)
        if edition.state in ADDRESSED:
            return edition
        tx.editions.move(edition, EditionState.SENDING)
        check_approved(edition)
        tx.deliveries.add(edition.id, list(recipients(edition.content, tx)), now=clock())
        return tx.editions.get(edition.id)


def recipients(content: EditionContent, tx: Transaction) -> Iterator[Recipient]:
    """Who an edition would go to now: readers first, then the accounts, in order."""
    if content.email is not None:
        belongs = compile_segment(content.email.segment)
        for subscriber in tx.subscribers.active(content.email.audience):
            if belongs(subscriber):
                yield Recipient(content.email.via, subscriber.email, subscriber_id=subscriber.id)
    for plan in content.social:
        if plan.each is Each.EDITION:
            yield Recipient(plan.via, plan.via)
        else:
            # Oldest first, so that an account's timeline reads in the order things happened.
            for post in reversed(content.posts):
                yield Recipient(plan.via, plan.via, part=str(post.id))
