"""What is done with a letter that is done with no other edition."""

from collections.abc import Mapping

from starlette.responses import Response

from dispatch.errors import BadInput, ChangedMeanwhile, Conflict, NothingChanges, TemplateFailed
from dispatch.pipeline.letters.plan import last_day
from dispatch.web.team.letters.clash import both
from dispatch.web.team.letters.whom import FIELDS, Mistyped, as_typed, plan_typed
from dispatch.web.team.review import clash
from dispatch.web.team.review.decisions import let_go
from dispatch.web.team.review.desk import Desk, desk_of
from dispatch.web.team.review.page import answer
from dispatch.web.team.visit import Visit


def begin(visit: Visit) -> Response:
    """Begin one; with `copy_of`, by the words and pieces of that edition."""
    letter = visit.app.letters.begin(by=visit.by, copy_of=visit.form("copy_of"))
    return visit.to(f"/editions/{letter.id}", "letter_begun")


def change(visit: Visit) -> Response:
    """Save to whom it goes, and when. Where somebody else has saved that meanwhile: both."""
    desk = desk_of(visit)
    now = as_typed(desk.edition.content)
    asked = {name: visit.form.raw(name, now[name]) for name in FIELDS}
    boxes = visit.form.all("boxes")  # that the form has, as those not ticked say nothing
    asked |= {name: " ".join(visit.form.all(name)) for name in ("social", "tells") if name in boxes}
    typed = clash.taken(visit, asked)
    if typed is None:
        return visit.to(desk.back("whom-save"), "edition_theirs")
    if theirs := clash.differing(visit, typed, now):
        return both(desk, theirs, typed, now)
    return _save(desk, typed)


def _save(desk: Desk, typed: Mapping[str, str]) -> Response:
    visit, edition = desk.visit, desk.edition
    try:
        plan = plan_typed(visit, edition.content, typed)
        edited = visit.app.letters.change(edition.id, plan, by=visit.by, seen=edition.fingerprint)
    except NothingChanges:
        return visit.to(desk.back("whom-save"), "edition_nothing")
    except ChangedMeanwhile:
        return clash.moved(desk)
    except Mistyped as error:
        return answer(desk, errors=error.errors, typed=typed)
    except (BadInput, TemplateFailed) as error:
        return answer(desk, errors=_at_fields(visit, error), typed=typed)
    said = "edition_saved_voided" if edited.voided else "edition_saved"
    return visit.to(desk.back("whom-save"), said)


def send(visit: Visit) -> Response:
    """Approve a draft oneself, where nobody else could: it leaves at its time."""
    return let_go(desk_of(visit), visit.app.letters.send, meanwhile=clash.moved)


def throw_away(visit: Visit) -> Response:
    """End it."""
    desk = desk_of(visit)
    try:
        visit.app.letters.throw_away(desk.edition.id, by=visit.by)
    except Conflict as error:
        return answer(desk, errors={"letter": str(error)})
    return visit.to("/editions", "letter_thrown_away")


def _at_fields(visit: Visit, error: BadInput | TemplateFailed) -> dict[str, str]:
    said = str(error)
    if said.startswith("day: is too far"):
        return {"day": visit.words("letters.day_far", day=visit.times.day(last_day(visit.now)))}
    if said.startswith("day: "):
        return {"day": visit.words("letters.day_passed")}
    name = "segment" if said.startswith("segment") else "template"
    return {name: said}
