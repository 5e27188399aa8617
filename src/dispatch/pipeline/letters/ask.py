"""Ask for a letter to be approved, let it go by oneself where nobody else can, throw it away."""

from collections.abc import Callable

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.campaigns.approval import Review
from dispatch.model.campaigns.letter_rule import LetterRule
from dispatch.model.editions.edition import UNDECIDED, Edition, EditionState
from dispatch.pipeline.letters.change import check_letter_editable
from dispatch.pipeline.reviews.ask import checked_note
from dispatch.pipeline.reviews.queue_review_mails import queue_for_asked
from dispatch.store.editions.content import review_to_json
from dispatch.store.transactions import Store, Transaction

THROWN_AWAY = "thrown away"


def review_of(rule: LetterRule, tx: Transaction) -> Review:
    """What a letter has to pass that is asked for now."""
    return rule.review(tx.persons.all())


def ask_for_approval_of_letter(
    edition_id: str,
    *,
    rule: LetterRule,
    by: str,
    store: Store,
    clock: Clock,
    note: str = "",
    seen: str = "",
) -> Edition:
    """Have a draft reviewed, as it is; `note` is for those who approve, who are told.

    Raises ChangedMeanwhile and Conflict as `change_letter` does, and Conflict for no draft.
    """
    said = checked_note(note)
    with store.begin() as tx:
        edition = _to_review(edition_id, rule, tx, seen=seen)
        now = clock()
        queue_for_asked(edition, tx, now=now, said=f"{by}: {said}" if said else "")
        tx.audit.add("edition.ask", by=by, now=now, kind="edition", subject=edition.id, note=said)
        return edition


def send_own_letter(
    edition_id: str,
    approve: Callable[[Edition], Edition],
    *,
    rule: LetterRule,
    by: str,
    store: Store,
    seen: str,
) -> Edition:
    """Let a draft go that its author may approve: nobody is asked, and nobody told.

    Raises as above, and Conflict where somebody else has to approve it; what `approve` raises,
    too, and then it is in review.
    """
    with store.begin() as tx:
        edition = tx.editions.get(edition_id)
        check_letter_editable(edition, seen)
        if why_not := review_of(rule, tx).why_not(by, author=edition.author):
            raise Conflict(f"edition {edition.id[:8]}: {why_not}")
        edition = _to_review(edition_id, rule, tx, seen=seen)
    return approve(edition)


def throw_away_letter(edition_id: str, *, by: str, store: Store, clock: Clock) -> Edition:
    """End a letter that is not approved. Raises Conflict for what is, and for what is no letter."""
    with store.begin() as tx:
        edition = tx.editions.get(edition_id, lock=True)
        check_letter_editable(edition, "")
        if edition.state not in UNDECIDED | {EditionState.DRAFT}:
            raise Conflict(f"edition {edition.id[:8]} is {edition.state} - take that back first")
        tx.editions.move(edition, EditionState.REJECTED, reason=THROWN_AWAY, ended_by=by)
        tx.audit.add("letter.throw_away", by=by, now=clock(), kind="edition", subject=edition.id)
        return tx.editions.get(edition.id)


def _to_review(edition_id: str, rule: LetterRule, tx: Transaction, *, seen: str) -> Edition:
    edition = tx.editions.get(edition_id, lock=True)
    check_letter_editable(edition, seen)
    if edition.state is not EditionState.DRAFT:
        raise Conflict(f"edition {edition.id[:8]} is {edition.state} - it is no draft any more")
    review = review_to_json(review_of(rule, tx))
    tx.editions.move(edition, EditionState.IN_REVIEW, review=review)
    return tx.editions.get(edition.id)
