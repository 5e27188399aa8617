"""Approve an edition, ask for changes, or reject it; approval pins what was looked at."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.clock import Clock, system_clock
from dispatch.errors import BadInput, Conflict
from dispatch.model.campaigns.approval import BY_DEADLINE, BY_LATENESS, Otherwise
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.editions.edition import UNDECIDED, Edition, EditionState, check_seen
from dispatch.model.text.time_words import in_hours, in_zone
from dispatch.pipeline.reviews.queue_review_mails import queue_for_changes, queue_for_decided
from dispatch.store.editions.table import NOT_APPROVED
from dispatch.store.transactions import Store


def approve_edition(
    edition_id: str, *, by: str, store: Store, clock: Clock, seen: str = ""
) -> Edition:
    """Let an edition go out as it stands now. `by` names who decided.

    `seen` is the beginning of the fingerprint of what they looked at, or empty. Raises
    ChangedMeanwhile if it has been edited since, and Conflict if this person may not approve it, or
    if changes were requested.
    """
    with store.begin() as tx:
        edition = tx.editions.get(edition_id, lock=True)
        if edition.state is EditionState.CHANGES_REQUESTED:
            advice = f"edit it with 'dispatch editions edit {edition.id[:8]}', then approve it"
            problem = f"changes were requested by {edition.note}"
            raise Conflict(f"edition {edition.id}: {problem} - {advice}")
        if why_not := edition.review.why_not(by, author=edition.author):
            raise Conflict(f"edition {edition.id}: {why_not}")
        check_seen(edition, seen)
        now = clock()
        tx.editions.approve(edition, by=by, now=now)
        if edition.content.letter is not None and edition.content.sending.slot is None:
            tx.letters.place(edition.id, slot_at(now, edition.content.sending.timezone))
        pinned = edition.fingerprint
        tx.audit.add(
            "edition.approve", by=by, now=now, kind="edition", subject=edition.id, pinned=pinned
        )
        return tx.editions.get(edition.id)


def request_changes(edition_id: str, *, note: str, by: str, store: Store, clock: Clock) -> Edition:
    """Have an edition wait until somebody has edited it; what was approved is so no longer."""
    if not note.strip():
        raise BadInput(["note: is empty - say what is to be changed"])
    with store.begin() as tx:
        edition = tx.editions.get(edition_id, lock=True)
        to = EditionState.CHANGES_REQUESTED
        tx.editions.move(edition, to, note=f"{by}: {note.strip()}", **NOT_APPROVED)
        asked, now = tx.editions.get(edition.id), clock()
        queue_for_changes(asked, tx, now=now)
        said = note.strip()
        tx.audit.add(
            "edition.request_changes",
            by=by,
            now=now,
            kind="edition",
            subject=edition.id,
            note=said,
        )
        return asked


def reject_edition(
    edition_id: str, *, reason: str, store: Store, by: str = "", clock: Clock = system_clock
) -> Edition:
    """Drop an edition for good; its posts are free for the next one. `by` names who decided."""
    with store.begin() as tx:
        edition = tx.editions.get(edition_id, lock=True)
        tx.editions.move(edition, EditionState.REJECTED, reason=reason, ended_by=by)
        tx.audit.add(
            "edition.reject",
            by=by,
            now=clock(),
            kind="edition",
            subject=edition.id,
            reason=reason,
        )
        return tx.editions.get(edition.id)


@dataclass(frozen=True, slots=True)
class Overdue:
    """An edition that the deadline has decided about, and what that was, as a sentence."""

    edition: Edition
    decision: str


def decide_overdue(*, store: Store, clock: Clock) -> list[Overdue]:
    """Skip the editions that nobody has approved in time, or let them go out, as each says.

    Any number of machines may do so: each edition is decided about once. One that would go out
    longer after that than its campaign's `late`, as the service was down, is skipped. So is one for
    which changes were requested, even where the others go out, unless somebody has approved it
    since; and one that was edited, where its author may not approve it.
    """
    with store.read() as tx:
        waiting = tx.editions.past_deadline(clock())
    decided = (_decide(edition.id, store=store, now=clock()) for edition in waiting)
    return [one for one in decided if one is not None]


def goes_out_undecided(edition: Edition) -> bool:
    """Whether it would go out if its deadline passed as it stands now."""
    if edition.review.otherwise is not Otherwise.SEND:
        return False
    return not edition.note and not _barred(edition)


def skip_if_missed(edition_id: str, *, store: Store, clock: Clock) -> str:
    """Drop an approved edition whose time passed too long ago, as the service was down; why, or "".

    Its posts are free for the next one. A person who runs the campaign may decide otherwise.
    """
    with store.begin() as tx:
        edition = tx.editions.get(edition_id, lock=True)
        reason = _why_missed(edition, clock())
        if reason:
            tx.editions.move(edition, EditionState.REJECTED, reason=reason, ended_by=BY_LATENESS)
        return reason


def check_approved(edition: Edition) -> None:
    """Raise Conflict unless the edition is, byte for byte, what was approved (P4)."""
    if not edition.approved_fingerprint or edition.fingerprint != edition.approved_fingerprint:
        raise Conflict(
            f"edition {edition.id}: its content is not what was approved - "
            "reject it and run the campaign again"
        )


def _decide(edition_id: str, *, store: Store, now: datetime) -> Overdue | None:
    with store.begin() as tx:
        edition = tx.editions.get(edition_id, lock=True)
        deadline = edition.review.deadline
        if edition.state not in UNDECIDED or deadline is None or deadline > now:
            return None  # somebody was quicker
        decision, against = _decision(edition, deadline, now)
        if against:
            tx.editions.move(edition, EditionState.REJECTED, reason=decision, ended_by=against)
        else:
            tx.editions.approve(edition, by=BY_DEADLINE, now=now)
        decided = tx.editions.get(edition.id)
        queue_for_decided(decided, decision, tx, now=now)
        return Overdue(decided, decision)


def _decision(edition: Edition, deadline: datetime, now: datetime) -> tuple[str, str]:
    """What the deadline decides, as a sentence, and what speaks against the edition; or empty."""
    until = _local(deadline, edition)
    if goes_out_undecided(edition):
        starts = edition.content.sending.starts(deadline)
        in_time = replace(edition, state=EditionState.APPROVED, goes_out=starts)
        if missed := _why_missed(in_time, now):
            return f"nobody decided by {until}, and it {missed}", BY_LATENESS
        return f"nobody decided by {until}, so that it goes out", ""
    decision = f"was not approved by {until}"
    if edition.note:
        decision += f"; changes were requested by {edition.note}"
    elif _barred(edition):
        decision += f"; {edition.author} had edited it, so that somebody else had to"
    return decision, BY_DEADLINE


def _why_missed(edition: Edition, now: datetime) -> str:
    late, missed = edition.content.sending.late, edition.missed(now)
    if missed is None or late is None:
        return ""
    return f"could not go out within {in_hours(late)} of {_local(missed, edition)} (late:)"


def _barred(edition: Edition) -> bool:
    # Waiting is not how to approve what one has edited oneself.
    return edition.review.other_than_author and bool(edition.author)


def _local(moment: datetime, edition: Edition) -> str:
    return in_zone(moment, edition.content.sending.timezone)
