"""Who has just come gets the latest edition: as an edition of its own, for them alone.

The finished one is not touched, so that its numbers stay. What is frozen is approved again by its
own fingerprint: it says what was approved, without what goes to networks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.clock import Clock
from dispatch.errors import Conflict, TemplateFailed
from dispatch.ids import Ids
from dispatch.model.campaigns.campaign import EmailPlan
from dispatch.model.campaigns.sending import SendingPlan
from dispatch.model.editions.edition import Edition, EditionContent, EditionState, fingerprint
from dispatch.pipeline.delivery.reconcile import LoopsOf, wake_for
from dispatch.pipeline.people.readers import MOST_SECONDS
from dispatch.pipeline.reviews.decide import check_approved
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.store.delivery.row_keys import key_range
from dispatch.store.editions.content import to_json
from dispatch.store.transactions import Store, Transaction

APART = timedelta(minutes=10)
"""Between two welcomes of a campaign, so that a rush of sign-ups makes no rush of editions."""

MOST = 2_000
"""People of one welcome; the next one has the others."""

WAITS_FOR = timedelta(days=1)
"""So long is tried again what cannot be made, such as for a segment that fails: then it is late."""

NO_EDITION = "no edition of it has gone out yet"
NOT_FOR_THEM = "they have it already, or it is not for them"


@dataclass(frozen=True, slots=True)
class WelcomeReport:
    """What came of those who waited for a campaign: the edition that was made, for how many.

    `dropped` of them get none, for this `reason`.
    """

    campaign: str
    edition: Edition | None = None
    welcomed: int = 0
    dropped: int = 0
    reason: str = ""


def make_welcomes(
    *,
    store: Store,
    clock: Clock,
    ids: Ids,
    loops_of: LoopsOf = lambda _: 1,
    renderer: Renderer = HERE,
    campaign: str | None = None,
) -> list[WelcomeReport]:
    """Make an edition for all who wait now, of one campaign or each; any number of nodes may do so.

    They are taken in the transaction that makes it, so that nobody gets two.
    """
    with store.read() as tx:
        found = [one for one in tx.welcomes.campaigns() if campaign in {None, one}]
    reports = (
        _make(one, store=store, clock=clock, ids=ids, loops_of=loops_of, renderer=renderer)
        for one in found
    )
    return [one for one in reports if one is not None]


def _make(
    campaign: str, *, store: Store, clock: Clock, ids: Ids, loops_of: LoopsOf, renderer: Renderer
) -> WelcomeReport | None:
    with store.begin() as tx:
        now = clock()
        last = tx.editions.last_welcome(campaign)
        if last is not None and last <= now < last + APART:
            return None
        waiting = tx.welcomes.waiting(campaign, limit=MOST)
        if not waiting:
            return None  # another node was quicker
        original = tx.editions.latest_out(campaign)
        if original is None or original.content.email is None:
            tx.welcomes.drop(campaign, waiting)
            return WelcomeReport(campaign, dropped=len(waiting), reason=NO_EDITION)
        plan = original.content.email
        try:
            check_approved(original)
            readers = _who_gets_it(original, plan, tx, [*waiting], renderer)
        except (Conflict, TemplateFailed) as error:
            late = [one for one, asked in waiting.items() if asked <= now - WAITS_FOR]
            if not late:
                raise
            tx.welcomes.drop(campaign, late)
            return WelcomeReport(campaign, dropped=len(late), reason=str(error))
        others = waiting.keys() - readers
        tx.welcomes.drop(campaign, others)
        reason = NOT_FOR_THEM if others else ""
        if not readers:
            return WelcomeReport(campaign, dropped=len(others), reason=reason)
        made = _keep(original, tx, edition_id=ids(), now=now)
        made = _address(made, plan, readers, tx, now=now)
        wake_for(made.id, plan.via, loops_of(plan.via), tx)
        tx.welcomes.note(campaign, readers, made.id)
        return WelcomeReport(campaign, made, len(readers), len(others), reason)


def _who_gets_it(
    original: Edition,
    plan: EmailPlan,
    tx: Transaction,
    waiting: Sequence[int],
    renderer: Renderer,
) -> list[int]:
    """Those who read it if they had come before, and have not got it."""
    found = tx.welcomes.readers(waiting, plan.audience)
    had = {one.reader for one in tx.families.got([original.number], [one.id for one in found])}
    found = [one for one in found if one.id not in had]
    if plan.segment and found:
        picked = renderer.pick(plan.segment, found, seconds=MOST_SECONDS)
        found = [one for one, chosen in zip(found, picked, strict=True) if chosen]
    return [one.id for one in found]


def _keep(original: Edition, tx: Transaction, *, edition_id: str, now: datetime) -> Edition:
    """The edition of their own, approved by who approved the one that it says once more."""
    content = _content(original.content)
    edition = Edition(
        id=edition_id,
        campaign=original.campaign,
        slot_key=original.slot_key,
        state=EditionState.IN_REVIEW,
        content=content,
        fingerprint=fingerprint(to_json(content)),
        created=now,
        welcome_of=original.id,
    )
    tx.editions.add(edition)
    tx.editions.approve(edition, by=original.approved_by, now=now)
    return tx.editions.get(edition.id)


def _address(
    edition: Edition, plan: EmailPlan, readers: Sequence[int], tx: Transaction, *, now: datetime
) -> Edition:
    """Write its deliveries. It goes out at once: somebody waits for it."""
    tx.editions.move(edition, EditionState.SENDING)
    number = tx.deliveries.add_readers(edition, plan.audience, plan.via, picked=readers, now=now)
    tx.batches.add(edition.id, plan.via, key_range(edition.number), due=now)
    tx.editions.note_addressed(edition, number, now=now)
    return tx.editions.get(edition.id)


def _content(content: EditionContent) -> EditionContent:
    """What it says to readers: networks have it already, and nobody catches up with it."""
    return replace(
        content,
        social=(),
        snippets=(),
        earlier=(),
        sending=SendingPlan(timezone=content.sending.timezone),
    )
