"""Edition to Delivery rows: freeze who gets it, once per edition."""

from collections.abc import Iterator
from datetime import datetime

from dispatch.clock import Clock
from dispatch.model.campaign import Each, EmailPlan, SocialPlan
from dispatch.model.edition import (
    NOT_SENT,
    Edition,
    EditionContent,
    EditionState,
    check_move,
)
from dispatch.pipeline.catch_up import catch_up
from dispatch.pipeline.review import check_approved
from dispatch.pipeline.sweep import LanesOf, ring_for
from dispatch.pipeline.zones import by_zone
from dispatch.render.segment import timed_segment
from dispatch.store.deliveries import Snippet
from dispatch.store.keys import key, key_range
from dispatch.store.store import Store, Transaction

NOT_YET = NOT_SENT | {EditionState.REJECTED}


def address_edition(
    edition_id: str, *, store: Store, clock: Clock, lanes_of: LanesOf = lambda _: 1
) -> Edition:
    """Write one delivery row for each reader and snippet of an approved edition, and its batches.

    The audience is frozen here, in one transaction with the edition's move to "sending", so that
    it happens once; workers hear of it when that is committed. Not before its time has come: until
    then, as when it is addressed already, the edition is returned as it is. Raises Conflict if it
    was not approved, or is not what was approved.
    """
    with store.begin() as tx:
        edition = tx.editions.get(edition_id, lock=True)
        if edition.state not in NOT_YET:
            return edition
        check_move(edition, EditionState.SENDING)
        check_approved(edition)
        now = clock()
        if edition.waits_until(now):
            return edition
        tx.editions.move(edition, EditionState.SENDING)
        number = _address(edition, tx, now)
        number -= catch_up(edition, tx, now)
        tx.editions.note_addressed(edition, number, now=now)
        for channel in dict.fromkeys(plan.via for plan in _plans(edition.content)):
            ring_for(edition.id, channel, lanes_of(channel), tx)
        return tx.editions.get(edition.id)


def count_readers(plan: EmailPlan, tx: Transaction) -> int:
    """How many people a digest would go to now."""
    if plan.segment:
        return sum(1 for _ in _picked(plan, tx))
    return tx.subscribers.count_active(plan.audience, plan.offer)


def count_recipients(content: EditionContent, tx: Transaction) -> dict[str, int]:
    """Channel name to how many messages an edition would come to now."""
    numbers: dict[str, int] = {}
    if content.email is not None:
        numbers[content.email.via] = count_readers(content.email, tx)
    for one in _snippets(content):
        numbers[one.channel] = numbers.get(one.channel, 0) + 1
    return numbers


def readers_with_zones(plan: EmailPlan, tx: Transaction) -> Iterator[tuple[int, str]]:
    """The ids of those who would get a digest now, in order, with the time zones they gave."""
    return (
        _picked(plan, tx) if plan.segment else tx.subscribers.timezones(plan.audience, plan.offer)
    )


def _address(edition: Edition, tx: Transaction, now: datetime) -> int:
    content = edition.content
    due = content.sending.due(now)
    number = _address_readers(edition, content.email, tx, now) if content.email else 0
    snippets = list(_snippets(content))
    # After the readers' batches were cut, so that a batch holds digests or snippets of one channel.
    for channel, keys in tx.deliveries.add_snippets(edition, snippets, now=now).items():
        tx.batches.add(edition.id, channel, keys, due=due)
    return number + len(snippets)


def _address_readers(edition: Edition, plan: EmailPlan, tx: Transaction, now: datetime) -> int:
    sending = edition.content.sending
    audience, via = plan.audience, plan.via
    if sending.local_time:
        return _address_by_zone(edition, plan, tx, now)
    picked = (reader for reader, _ in _picked(plan, tx)) if plan.segment else None
    number = tx.deliveries.add_readers(
        edition, audience, via, picked=picked, now=now, offer=plan.offer
    )
    tx.batches.add(edition.id, via, key_range(edition.number), due=sending.due(now))
    return number


def _address_by_zone(edition: Edition, plan: EmailPlan, tx: Transaction, now: datetime) -> int:
    number = 0
    for group in by_zone(readers_with_zones(plan, tx), edition.content.sending, now=now):
        found = tx.deliveries.add_readers_of_zone(
            edition, plan.audience, plan.via, picked=group.readers, before=number, now=now
        )
        keys = key(edition.number, number + 1), key(edition.number, number + found)
        tx.batches.add(edition.id, plan.via, keys, due=group.due, timezone=group.timezone)
        number += found
    return number


def _plans(content: EditionContent) -> list[EmailPlan | SocialPlan]:
    return [*([content.email] if content.email else []), *content.social]


def _picked(plan: EmailPlan, tx: Transaction) -> Iterator[tuple[int, str]]:
    """The ids of those whom the segment picks, with their time zones."""
    belongs = timed_segment(plan.segment)
    active = tx.subscribers.active(plan.audience, plan.offer)
    return ((one.id, one.timezone) for one in active if belongs(one))


def _snippets(content: EditionContent) -> Iterator[Snippet]:
    for plan in content.social:
        if plan.each is Each.EDITION:
            yield Snippet(plan.via)
        else:
            # Oldest first, so that an account's timeline reads in the order things happened.
            for post in reversed(content.posts):
                yield Snippet(plan.via, part=str(post.id))
