"""Change what a letter is for: its readers, its time, its template, where it is told besides."""

from collections.abc import Callable
from datetime import datetime

from dispatch.clock import Clock
from dispatch.errors import BadInput, Conflict, NothingChanges
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.editions.difference import Difference, TextChange
from dispatch.model.editions.edition import (
    Edition,
    EditionContent,
    EditionState,
    check_editable,
)
from dispatch.pipeline.editions.compose import Materials
from dispatch.pipeline.editions.edit import Edited, check_shown
from dispatch.pipeline.editions.try_out import Gather, Tried, TryOut, gather_nothing, with_trial
from dispatch.pipeline.letters.plan import Plan, plan_of, with_plan
from dispatch.pipeline.reviews.queue_review_mails import queue_for_edited
from dispatch.render.trials.proof import proof
from dispatch.store.transactions import Store, Transaction


def change_letter(
    edition_id: str,
    plan: Plan,
    *,
    by: str,
    store: Store,
    materials: Materials,
    check_segment: Callable[[str], None],
    clock: Clock,
    seen: str = "",
    try_out: TryOut = proof,
    gather: Gather = gather_nothing,
) -> Edited:
    """Have a letter be for this from now on; what was approved is so no longer.

    `seen` is the fingerprint of what the change was made from. Raises ChangedMeanwhile, Conflict
    where it has left or is no letter, NothingChanges, BadInput, and TemplateFailed for a segment
    that cannot be read and for a template that cannot say it.
    """
    if not plan.audience:
        raise BadInput(["audience: is empty - say who is to get it"])
    if plan.segment:
        check_segment(plan.segment)

    def work(tried: Tried) -> Edited:
        with store.begin() as tx:
            edition = tx.editions.get(edition_id, lock=True)
            check_letter_editable(edition, seen)
            now = clock()
            content = with_plan(
                edition.content, plan, tx=tx, materials=materials, begun=edition.created, now=now
            )
            if plan_of(content) == plan_of(edition.content):
                raise NothingChanges(f"letter {edition.id[:8]}: this changes nothing")
            check_shown(content)
            return _keep(edition, tried.check(content), tx, by=by, now=now)

    return with_trial(work, try_out, gather)


def check_letter_editable(edition: Edition, seen: str) -> None:
    """Raise Conflict unless it is a letter, and what `check_editable` raises."""
    if edition.content.letter is None:
        raise Conflict(f"edition {edition.id[:8]} is no letter - its campaign says what it is for")
    check_editable(edition, seen)


def _keep(
    edition: Edition, content: EditionContent, tx: Transaction, *, by: str, now: datetime
) -> Edited:
    state = edition.state
    approved = state is EditionState.APPROVED
    to = EditionState.IN_REVIEW if approved else state
    tx.editions.edit(edition, content, deadline=None, to=to, author=by)
    slot = content.sending.slot or slot_at(edition.created, content.publisher.timezone)
    tx.letters.place(edition.id, slot)
    edited = tx.editions.get(edition.id)
    texts = tuple(_differences(edition.content, content))
    was, is_now = edition.fingerprint, edited.fingerprint
    found = Difference(texts=texts)
    tx.edition_edits.add(edition.id, found, by=by, now=now, was=was, fingerprint=is_now)
    told = {one.name: one.after for one in texts}
    tx.audit.add("letter.change", by=by, now=now, kind="edition", subject=edition.id, **told)
    if to is EditionState.IN_REVIEW:
        queue_for_edited(edited, tx, back=approved, now=now)
    return Edited(edited, edition, voided=approved, open_ended=False)


def _differences(before: EditionContent, after: EditionContent) -> list[TextChange]:
    was, now = _told(before), _told(after)
    return [TextChange(name, was[name], now[name]) for name in now if was[name] != now[name]]


def _told(content: EditionContent) -> dict[str, str]:
    """What a letter is for, as history tells it."""
    plan, slot = plan_of(content), content.sending.slot
    return {
        "audience": plan.audience,
        "segment": plan.segment,
        "leaves": f"{slot.local:%Y-%m-%d %H:%M}" if slot else "",
        "template": plan.template,
        "via": ", ".join(plan.via),
        "social": ", ".join(plan.social),
        "tells": "x" if plan.tells else "",
    }
