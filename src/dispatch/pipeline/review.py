"""Approve or reject an edition; approval pins what was looked at."""

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.edition import Edition, EditionState
from dispatch.store.store import Store


def approve_edition(edition_id: str, *, by: str, store: Store, clock: Clock) -> Edition:
    """Let an edition go out as it stands now. `by` names who decided."""
    with store.begin() as tx:
        edition = tx.editions.get(edition_id, lock=True)
        tx.editions.approve(edition, by=by, now=clock())
        return tx.editions.get(edition.id)


def reject_edition(edition_id: str, *, reason: str, store: Store) -> Edition:
    """Drop an edition for good; its posts are free for the next one."""
    with store.begin() as tx:
        edition = tx.editions.get(edition_id, lock=True)
        tx.editions.move(edition, EditionState.REJECTED, reason=reason)
        return tx.editions.get(edition.id)


def check_approved(edition: Edition) -> None:
    """Raise Conflict unless the edition is, byte for byte, what was approved (P4)."""
    if not edition.approved_fingerprint or edition.fingerprint != edition.approved_fingerprint:
        raise Conflict(
            f"edition {edition.id}: its content is not what was approved - "
            "reject it and run the campaign again"
        )
