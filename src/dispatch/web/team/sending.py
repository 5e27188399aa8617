"""What somebody does to an edition that goes out, or has: pause, resume, cancel, decide."""

from starlette.responses import Response

from dispatch.errors import BadInput
from dispatch.model.delivery.state import On
from dispatch.model.editions.edition import Edition
from dispatch.pipeline.delivery.pause import cancel_edition, go_on_with_edition, pause_edition
from dispatch.pipeline.delivery.resolve import Resolved, resolve_unknown, retry_failed
from dispatch.pipeline.delivery.tell_again import tell_again
from dispatch.web.team import live
from dispatch.web.team.numbers import number_in
from dispatch.web.team.visit import Visit

MOST_CHOSEN = 200
"""Deliveries that may be chosen in one form: a page of a list has fewer."""

REASON_LENGTH = 500

DECISIONS = {"accept": On.BELIEVED, "resend": On.RESENT}
"""What the buttons say of a delivery that may have arrived."""


def pause(visit: Visit) -> Response:
    """Nothing more leaves, on any machine, until somebody resumes it."""
    edition = live.edition_of(visit)
    reason = visit.form("reason").strip()[:REASON_LENGTH] or f"by {visit.by}"
    pause_edition(
        edition.id, reason=reason, by=visit.by, store=visit.app.store, clock=visit.app.clock
    )
    return visit.to(_path(edition), said="edition_paused")


def resume(visit: Visit) -> Response:
    """It goes on with the rest."""
    edition = live.edition_of(visit)
    go_on_with_edition(edition.id, by=visit.by, store=visit.app.store, clock=visit.app.clock)
    return visit.to(_path(edition), said="edition_resumed")


def cancel(visit: Visit) -> Response:
    """Who has not got it does not get it any more."""
    edition = live.edition_of(visit)
    reason = visit.form("reason").strip()[:REASON_LENGTH]
    if not reason:
        return live.show(visit, edition, errors={"reason": visit.words("live.why_needed")})
    cancel_edition(
        edition.id,
        reason=reason,
        by=visit.by,
        store=visit.app.store,
        clock=visit.app.tools.engine_clock(),
    )
    return visit.to(_path(edition), said="edition_cancelled")


def retry(visit: Visit) -> Response:
    """What has failed is sent again: all of it, or what was chosen."""
    edition = live.edition_of(visit)
    resolved = retry_failed(
        by=visit.by,
        store=visit.app.store,
        clock=visit.app.tools.engine_clock(),
        edition_id=edition.id,
        keys=_chosen(visit),
    )
    number = _number(resolved)
    if not number:
        return visit.to(_path(edition), said="nothing_to_retry")
    return visit.to(_path(edition), said="deliveries_wait_again", count=number)


def tell_anew(visit: Visit) -> Response:
    """What an account was told already by another edition goes out all the same."""
    edition = live.edition_of(visit)
    chosen = _chosen(visit)
    if chosen is None:
        raise BadInput([visit.words("live.none_chosen")])
    resolved = tell_again(
        edition.id,
        by=visit.by,
        store=visit.app.store,
        clock=visit.app.tools.engine_clock(),
        keys=chosen,
    )
    if not resolved.deliveries:
        return visit.to(_path(edition), said="nothing_to_retry")
    return visit.to(_path(edition), said="deliveries_wait_again", count=resolved.deliveries)


def resolve(visit: Visit) -> Response:
    """What may have arrived is sent again, or counted as accepted."""
    edition = live.edition_of(visit)
    on = DECISIONS.get(visit.form("as"))
    if on is None:
        raise BadInput([visit.words("errors.bad_form")])
    chosen = _chosen(visit)
    if not chosen and not visit.form.has("all"):
        raise BadInput([visit.words("live.none_chosen")])
    resolved = resolve_unknown(
        on,
        by=visit.by,
        store=visit.app.store,
        clock=visit.app.tools.engine_clock(),
        edition_id=edition.id,
        keys=None if visit.form.has("all") else chosen,
    )
    said = "deliveries_accepted" if on is On.BELIEVED else "deliveries_wait_again"
    return visit.to(_path(edition), said=said, count=_number(resolved))


def _path(edition: Edition) -> str:
    return f"/editions/{edition.id}"


def _chosen(visit: Visit) -> list[int] | None:
    """The keys of the deliveries that are ticked; None where the form has none.

    What is no key chooses nothing, rather than all.
    """
    if not visit.form.has("d"):
        return None
    found = (number_in(one) for one in visit.form.all("d")[:MOST_CHOSEN])
    return [one for one in found if one is not None]


def _number(resolved: list[Resolved]) -> int:
    return sum(one.deliveries for one in resolved)
