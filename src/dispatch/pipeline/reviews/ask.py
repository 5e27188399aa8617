"""Ask for approval once more, and take an approval back."""

from datetime import datetime

from dispatch.clock import Clock
from dispatch.errors import BadInput, Conflict
from dispatch.model.editions.edition import UNDECIDED, Edition, EditionState, check_seen
from dispatch.model.text.plain_text import printable
from dispatch.pipeline.reviews.queue_review_mails import queue_for_asked, queue_for_edited
from dispatch.store.transactions import Store, Transaction

MOST_NOTE = 2_000
"""In code points, of what somebody says to those who approve."""


def checked_note(note: str) -> str:
    """A note with its lines, clean. Raises BadInput where it is too long."""
    said = printable(note.replace("\r\n", "\n")).strip()
    if len(said) > MOST_NOTE:
        raise BadInput([f"note: has {len(said)} characters - write {MOST_NOTE} at most"])
    return said


def ask_for_approval(
    edition_id: str, *, by: str, store: Store, clock: Clock, note: str = "", seen: str = ""
) -> Edition:
    """Have those who approve look at an edition now, as it is; changes need not be requested.

    `note` is for them; `seen` is the fingerprint of what is to be approved, or empty. Raises
    ChangedMeanwhile where it says something else by now, and Conflict where nobody decides about
    it any more.
    """
    said = checked_note(note)
    with store.begin() as tx:
        edition = tx.editions.get(edition_id, lock=True)
        if edition.state not in UNDECIDED:
            raise Conflict(f"edition {edition.id[:8]} is {edition.state} - there is no need to ask")
        check_seen(edition, seen)
        now = clock()
        asked = _back_to_review(edition, tx, now)
        queue_for_asked(asked, tx, now=now, said=f"{by}: {said}" if said else "")
        tx.audit.add("edition.ask", by=by, now=now, kind="edition", subject=edition.id, note=said)
        return asked


def take_back_approval(edition_id: str, *, by: str, store: Store, clock: Clock) -> Edition:
    """Have an approved edition wait for a decision again; it says the same as before."""
    with store.begin() as tx:
        edition = tx.editions.get(edition_id, lock=True)
        if edition.state is not EditionState.APPROVED:
            raise Conflict(f"edition {edition.id[:8]} is {edition.state} - nothing is approved")
        if edition.needed_nobody:
            named = f"edition {edition.id[:8]}"
            raise Conflict(f"{named} needs no approval - reject it where it must not go out")
        now = clock()
        back = _back_to_review(edition, tx, now)
        queue_for_edited(back, tx, back=True, now=now)
        tx.audit.add("edition.take_back", by=by, now=now, kind="edition", subject=edition.id)
        return back


def _back_to_review(edition: Edition, tx: Transaction, now: datetime) -> Edition:
    """A deadline that has passed cannot decide about it any more."""
    deadline = edition.review.deadline
    passed = deadline is not None and deadline <= now
    if edition.state is EditionState.IN_REVIEW and not passed:
        return edition
    tx.editions.edit(edition, edition.content, deadline=None if passed else deadline)
    return tx.editions.get(edition.id)
