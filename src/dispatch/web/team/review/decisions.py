"""What is decided about an edition: asked for, approved, taken back, sent back, rejected."""

from collections.abc import Callable
from http import HTTPStatus

from starlette.responses import Response

from dispatch.errors import BadInput, ChangedMeanwhile
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.pipeline.editions.check_edition import Stopped
from dispatch.pipeline.reviews.ask import ask_for_approval, take_back_approval
from dispatch.pipeline.reviews.decide import reject_edition, request_changes
from dispatch.web.team.review.changes import since
from dispatch.web.team.review.desk import Desk, desk_of
from dispatch.web.team.review.page import answer
from dispatch.web.team.visit import Visit


def ready(visit: Visit) -> Response:
    """Ask for approval: those who approve are told, with a note."""
    desk = desk_of(visit)
    note = visit.form.raw("note")
    edition, seen = desk.edition, visit.form("fingerprint")
    try:
        if desk.is_draft:
            visit.app.letters.ask(edition.id, by=visit.by, note=note, seen=seen)
        else:
            store, clock = visit.app.store, visit.app.clock
            ask_for_approval(
                edition.id, by=visit.by, note=note, seen=seen, store=store, clock=clock
            )
    except ChangedMeanwhile:
        return _changed(desk)
    except BadInput as error:
        return answer(desk, errors={"ask-note": str(error)}, typed={"ask-note": note})
    return visit.to(desk.path, "edition_asked")


def approve(visit: Visit) -> Response:
    """Let it go out as it was looked at; if it says something else by now: what has changed."""
    return let_go(desk_of(visit), visit.app.editions.approve, meanwhile=_changed)


def let_go(
    desk: Desk, approve: Callable[..., Edition], *, meanwhile: Callable[[Desk], Response]
) -> Response:
    """Approve what was looked at; `meanwhile` answers where it says something else by now."""
    visit = desk.visit
    seen = visit.form("fingerprint")
    if not seen:
        raise BadInput([visit.words("errors.bad_form")])
    try:
        approved = approve(desk.edition.id, by=visit.by, seen=seen)
    except ChangedMeanwhile:
        return meanwhile(desk)
    except Stopped as error:
        number = len(error.findings)
        return answer(desk, errors={"checks": visit.words("checks.stopped", count=number)})
    later = approved.waits_until(visit.now) is not None
    return visit.to(desk.path, "edition_approved_later" if later else "edition_approved")


def ask_for_changes(visit: Visit) -> Response:
    """Have it wait for an edit; what is to be changed is said."""
    desk = desk_of(visit)
    note = visit.form.raw("note")
    if not note.strip():
        return answer(desk, errors={"what": visit.words("errors.required")})
    request_changes(
        desk.edition.id, note=note, by=visit.by, store=visit.app.store, clock=visit.app.clock
    )
    return visit.to(desk.path, "edition_changes_requested")


def reject(visit: Visit) -> Response:
    """Drop it for good; its posts wait for the next one."""
    desk = desk_of(visit)
    reject_edition(
        desk.edition.id,
        reason=visit.form("reason"),
        by=visit.by,
        store=visit.app.store,
        clock=visit.app.clock,
    )
    return visit.to(desk.path, "edition_rejected")


def take_back(visit: Visit) -> Response:
    """What is approved waits for a decision again."""
    desk = desk_of(visit)
    take_back_approval(desk.edition.id, by=visit.by, store=visit.app.store, clock=visit.app.clock)
    return visit.to(desk.path, "edition_taken_back")


def _changed(desk: Desk) -> Response:
    """409: it is not what they looked at."""
    fresh = desk_of(desk.visit)
    edits = since(fresh, desk.visit.form("fingerprint"))
    return desk.visit.page(
        "edition/moved.html",
        here="editions",
        status_code=HTTPStatus.CONFLICT,
        desk=fresh,
        edition=fresh.edition,
        last=edits[0].edit if edits else None,
        edits=edits,
        decided=fresh.edition.state is not EditionState.IN_REVIEW,
    )
