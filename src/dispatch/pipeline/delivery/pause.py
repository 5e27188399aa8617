"""Pause an edition that is going out, go on with it, or cancel it.

Each changes the edition's state once. Every worker looks at it before each hand-over. What is in a
provider's hands at that moment comes to its end, and nothing more leaves.
"""

from zoneinfo import ZoneInfo

import structlog

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.pipeline.delivery.publishing import give_back
from dispatch.store.transactions import Store, Transaction

log = structlog.get_logger()


def pause_edition(
    edition_id: str, *, reason: str, store: Store, clock: Clock, by: str = ""
) -> Edition:
    """Hand nothing more of an edition over until somebody goes on with it.

    `by` names who decided, for the log.
    """
    with store.begin() as tx:
        edition = tx.editions.get(edition_id, lock=True)
        tx.editions.move(edition, EditionState.PAUSED, reason=reason)
        _note("edition.pause", edition, tx, clock, by, reason=reason)
        paused = tx.editions.get(edition.id)
    log.info("edition.paused", campaign=paused.campaign, edition=paused.id, by=by, reason=reason)
    return paused


def go_on_with_edition(edition_id: str, *, store: Store, clock: Clock, by: str = "") -> Edition:
    """Let a paused edition go out again, from where it stands.

    The refusal limit counts anew, as whoever goes on has seen what made it stop. Batches stay as
    they are, so that what was planned for later still waits. `by` names who decided, for the log.
    """
    with store.begin() as tx:
        edition = tx.editions.get(edition_id, lock=True)
        # A finished one may go back to sending, too, but not by this door (resolve.py).
        if edition.state is not EditionState.PAUSED:
            named = f"edition {edition.id[:8]}"
            raise Conflict(f"{named} is {edition.state} - only a paused one goes on")
        tx.editions.move(edition, EditionState.SENDING, reason="", answered=0, refused=0)
        _note("edition.resume", edition, tx, clock, by)
        resumed = tx.editions.get(edition.id)
    log.info("edition.resumed", campaign=resumed.campaign, edition=resumed.id, by=by)
    return resumed


def cancel_edition(
    edition_id: str, *, reason: str, store: Store, clock: Clock, by: str = ""
) -> Edition:
    """Hand nothing more of an edition over, for good.

    What still waits ends as failed. What may have arrived, because an answer was lost, ends as
    unknown. `by` names who decided.
    """
    with store.begin() as tx:
        edition = tx.editions.get(edition_id, lock=True)
        tx.editions.move(edition, EditionState.CANCELLED, reason=reason, ended_by=by)
        _note("edition.cancel", edition, tx, clock, by, reason=reason)
        cancelled = tx.editions.get(edition.id)
    # That holds by now. The rest may take long, and who dies here leaves it to reconciling.
    end_if_cancelled(cancelled.id, store=store, clock=clock)
    return cancelled


def end_if_cancelled(edition_id: str, *, store: Store, clock: Clock) -> None:
    """End what waits in an edition that was cancelled; it may have come back since."""
    with store.read() as tx:
        edition = tx.editions.get(edition_id)
    if edition.state is not EditionState.CANCELLED:
        return
    with store.begin() as tx:
        tx.deliveries.cancel(edition, now=clock())
    # Not in one transaction: a worker locks its batch first, and its deliveries after that.
    with store.begin() as tx:
        tx.batches.finish_idle(edition.id, now=clock())
        if edition.content.social:
            freed = tx.published.free_edition(edition.number, now=clock())
            give_back(freed, ZoneInfo(edition.content.publisher.timezone), tx)


def _note(
    act: str, edition: Edition, tx: Transaction, clock: Clock, by: str, **detail: str
) -> None:
    tx.audit.add(
        act,
        by=by,
        now=clock(),
        kind="edition",
        subject=edition.id,
        campaign=edition.campaign,
        **detail,
    )
