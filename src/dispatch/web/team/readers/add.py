"""One person is brought in by hand, or back in where they ask for it again."""

from collections.abc import Mapping

from starlette.responses import Response

from dispatch.config.people.typed import read_typed
from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.people.record import Trace
from dispatch.model.people.subscriber import Consent, SubscriberRow, noted_by
from dispatch.model.text.plain_text import one_line
from dispatch.pipeline.people.suppress import of_team
from dispatch.web.team.visit import Visit

FIELDS = ("email", "name", "locale", "timezone", "topics", "cadence", "consented_at", "source")
_OURS = {"source": "consent_source"}
"""Fields that a subscriber file calls otherwise."""


def show(visit: Visit) -> Response:
    """The page, perhaps with an address in it."""
    return _page({"email": visit.asked("email"), "audience": visit.asked("audience")}, visit)


def add(visit: Visit) -> Response:
    """Bring them in; who has left is asked about first."""
    app, form = visit.app, visit.form
    typed = {name: form(name) for name in (*FIELDS, "audience")}
    values, wrong = read_typed({_OURS.get(name, name): typed[name] for name in FIELDS})
    errors = {
        "source" if name == "consent_source" else name: f"{error.problem} - {error.advice}"
        for name, error in wrong.items()
    }
    for name in ("email", "source"):
        if not one_line(typed[name]):
            errors[name] = visit.words("errors.required")
    if not typed["audience"] or typed["audience"] not in app.people.audiences():
        errors["audience"] = visit.words("subscribers.say_which")
    if errors:
        return _page(typed, visit, errors)
    email, audience = values.pop("email"), typed["audience"]
    note = noted_by(str(values.pop("consent_source")), visit.by)
    try:
        if form.has("again"):
            app.people.rejoin(email, audience, source=of_team(visit.by), note=note, by=visit.by)
        else:
            at = values.pop("consented_at", visit.now)
            consent = Consent(at, of_team(visit.by), trace=Trace(email=email, note=note))
            app.people.add(SubscriberRow(1, email, consent, **values), audience, by=visit.by)
    except Conflict as error:
        return _page(typed, visit, {"email": str(error)}, may_return=_may_return(email, visit))
    except (BadInput, NotFound) as error:
        return _page(typed, visit, {"email": str(error)})
    return visit.to(f"/subscribers/{app.people.find(email).public_id}", said="subscriber_added")


def _may_return(email: str, visit: Visit) -> bool:
    """Whether nothing but their own word keeps them out."""
    people = visit.app.people
    with visit.app.store.read() as tx:
        return tx.suppressions.of(email) is None and not people.is_suppressed_before(email, tx)


def _page(
    typed: Mapping[str, str],
    visit: Visit,
    errors: Mapping[str, str] | None = None,
    *,
    may_return: bool = False,
) -> Response:
    audiences = visit.app.people.audiences()
    written_to = visit.app.workspace.written_to()
    return visit.page(
        "subscriber_new.html",
        here="subscribers",
        status_code=422 if errors else 200,
        errors=errors or {},
        typed=dict.fromkeys(FIELDS, "") | dict(typed),
        choices=[(one, one) for one in sorted(audiences, key=lambda one: one not in written_to)],
        may_return=may_return,
    )
