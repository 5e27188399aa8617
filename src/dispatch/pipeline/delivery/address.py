"""An edition is addressed: its audience is frozen as delivery rows, once."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta

from dispatch.clock import Clock
from dispatch.model.campaigns.approval import BY_LATENESS
from dispatch.model.campaigns.campaign import EmailPlan, SocialPlan
from dispatch.model.campaigns.spreading import spread
from dispatch.model.editions.edition import (
    NOT_ADDRESSED,
    Edition,
    EditionContent,
    EditionState,
    check_move,
)
from dispatch.pipeline.delivery.publishing import hours_of, plan_of, spacing
from dispatch.pipeline.delivery.reconcile import LoopsOf, wake_for
from dispatch.pipeline.delivery.zones import by_zone
from dispatch.pipeline.editions.catch_up import catch_up
from dispatch.pipeline.editions.why_no_edition import nobody_in
from dispatch.pipeline.people.readers import picked_readers, readers_with_zones, snippets_of
from dispatch.pipeline.reviews.decide import check_approved
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.store.delivery.row_keys import key, key_range
from dispatch.store.transactions import Store, Transaction

SpacingOf = Callable[[str], timedelta]
"""Channel name to how far apart its provider keeps posts where a campaign says nothing."""


def address_edition(
    edition_id: str,
    *,
    store: Store,
    clock: Clock,
    loops_of: LoopsOf = lambda _: 1,
    spacing_of: SpacingOf = lambda _: timedelta(0),
    renderer: Renderer = HERE,
) -> Edition:
    """Write one delivery row for each reader and snippet of an approved edition, and its batches.

    Snippets that are kept apart have a batch each, and a due time of their own.
    One transaction freezes the audience and moves the edition to "sending", so that both happen
    once. Workers hear of it when that is committed. An edition whose time has not come is returned
    as it is, and so is one that is addressed already. A letter that is for nobody by now is
    skipped. Raises Conflict if it was not approved, or is not what was approved.
    """
    with store.begin() as tx:
        edition = tx.editions.get(edition_id, lock=True)
        if edition.state not in NOT_ADDRESSED:
            return edition
        check_move(edition, EditionState.SENDING)
        check_approved(edition)
        now = clock()
        if edition.waits_until(now):
            return edition
        if edition.content.letter is not None and (nobody := _why_nobody(edition, tx, renderer)):
            tx.editions.move(edition, EditionState.REJECTED, reason=nobody, ended_by=BY_LATENESS)
            return tx.editions.get(edition.id)
        tx.editions.move(edition, EditionState.SENDING)
        number = _address(edition, tx, now, renderer, spacing_of)
        if taken_back := catch_up(edition, tx, now):
            number -= taken_back
            tx.batches.recount(edition.id)
        tx.editions.note_addressed(edition, number, now=now)
        for channel in dict.fromkeys(plan.via for plan in _plans(edition.content)):
            wake_for(edition.id, channel, loops_of(channel), tx)
        return tx.editions.get(edition.id)


def _why_nobody(edition: Edition, tx: Transaction, renderer: Renderer) -> str:
    """Why a letter goes to nobody by now, or empty: whom it is for changes until it leaves."""
    plan = edition.content.email
    if plan is None or edition.content.social:
        return ""
    if not plan.segment:
        return "" if tx.subscribers.has_active(plan.audience) else nobody_in(plan)
    with closing(picked_readers(plan, tx, renderer)) as found:
        return "" if next(found, None) else nobody_in(plan)


def _address(
    edition: Edition, tx: Transaction, now: datetime, renderer: Renderer, spacing_of: SpacingOf
) -> int:
    content = edition.content
    number = 0
    if content.email is not None:
        number = _address_readers(edition, content.email, tx, now, renderer)
    snippets = list(snippets_of(content))
    # After the readers' batches were cut, so that a batch holds digests or snippets of one channel.
    for channel, keys in tx.deliveries.add_snippets(edition, snippets, now=now).items():
        _plan_snippets(edition, channel, keys, tx, now, usual=spacing_of(channel))
    return number + len(snippets)


def _plan_snippets(
    edition: Edition,
    channel: str,
    keys: tuple[int, int],
    tx: Transaction,
    now: datetime,
    *,
    usual: timedelta,
) -> None:
    plan, (first, last) = plan_of(edition, channel), keys
    every, start = spacing(plan, usual), edition.content.sending.due(now)
    hours = hours_of(edition, plan)
    if not every:
        tx.batches.add(edition.id, channel, keys, due=hours.open_from(start))
        return
    taken = tx.batches.planned(channel, after=start - every)
    moments = spread(last + 1 - first, start=start, every=every, hours=hours, taken=taken)
    for one, due in enumerate(moments, first):
        tx.batches.add(edition.id, channel, (one, one), due=due)


def _address_readers(
    edition: Edition, plan: EmailPlan, tx: Transaction, now: datetime, renderer: Renderer
) -> int:
    sending = edition.content.sending
    audience, via = plan.audience, plan.via
    if sending.local_time:
        return _address_by_zone(edition, plan, tx, now, renderer)
    with closing(picked_readers(plan, tx, renderer)) as found:
        picked = (reader for reader, _ in found) if plan.segment else None
        number = tx.deliveries.add_readers(
            edition, audience, via, picked=picked, now=now, offer=plan.offer
        )
    tx.batches.add(edition.id, via, key_range(edition.number), due=sending.due(now))
    return number


def _address_by_zone(
    edition: Edition, plan: EmailPlan, tx: Transaction, now: datetime, renderer: Renderer
) -> int:
    number = 0
    for group in by_zone(readers_with_zones(plan, tx, renderer), edition.content.sending, now=now):
        found = tx.deliveries.add_readers_of_zone(
            edition, plan.audience, plan.via, picked=group.readers, before=number, now=now
        )
        keys = key(edition.number, number + 1), key(edition.number, number + found)
        tx.batches.add(edition.id, plan.via, keys, due=group.due, timezone=group.timezone)
        number += found
    return number


def _plans(content: EditionContent) -> list[EmailPlan | SocialPlan]:
    return [*([content.email] if content.email else []), *content.social]
