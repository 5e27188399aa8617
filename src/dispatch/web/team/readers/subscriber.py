"""One person: what they said, what they get and got; and what the team may do for them."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from dispatch.config.people.typed import read_typed
from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.campaigns.cadence import Cadence, read_cadence
from dispatch.model.people.subscriber import Subscriber, SubscriptionState, email_key
from dispatch.model.people.suppression import Target
from dispatch.model.text.plain_text import one_line
from dispatch.pipeline.events.soft_bounces import soft_bounces_of
from dispatch.pipeline.people.choose_cadence import choose_cadence_of
from dispatch.pipeline.people.edit_subscriber import edit_subscriber, mark_of
from dispatch.pipeline.people.export_person import export_person
from dispatch.pipeline.people.show_preferences import choices_of
from dispatch.pipeline.people.suppress import of_team
from dispatch.web.team.came_later import then_of
from dispatch.web.team.campaign_titles import titles
from dispatch.web.team.delivery_reasons import shown_reason
from dispatch.web.team.readers.told import helpers
from dispatch.web.team.visit import Visit

LAST = 20
"""Deliveries that are shown."""

PROFILE = ("name", "locale", "timezone", "topics")
DEFAULT = "default"
"""Posted for a cadence: what a file says, or else what campaigns give."""


def show(visit: Visit) -> Response:
    """The page."""
    return _page(_person(visit), visit)


def as_json(visit: Visit) -> Response:
    """All that is known of them, for them to take along."""
    found = export_person(_person(visit), store=visit.app.store)
    return Response(
        json.dumps(found, ensure_ascii=False, indent=2) + "\n",
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="person.json"'} | _PRIVATE,
    )


def edit(visit: Visit) -> Response:
    """Note what they have told the team of themselves."""
    person, form = _person(visit), visit.form
    typed = {name: form(name) for name in PROFILE}
    values, wrong = read_typed(typed)
    errors = {name: f"{error.problem} - {error.advice}" for name, error in wrong.items()}
    ground = one_line(form("source"))
    if not ground:
        errors["source"] = visit.words("errors.required")
    if errors:
        return _page(person, visit, errors, typed)
    profile = {name: values.get(name, "") for name in PROFILE}
    profile["topics"] = list(values.get("topics", ()))
    try:
        changed = edit_subscriber(
            person.id,
            profile,
            seen=form("seen"),
            source=ground,
            by=visit.by,
            store=visit.app.store,
            clock=visit.app.clock,
        )
    except Conflict:
        words = {"name": visit.words("subscribers.changed_meanwhile")}
        return _page(_person(visit), visit, words, typed, status=HTTPStatus.CONFLICT)
    return _back(person, visit, "subscriber_edited" if changed else "subscriber_unchanged")


def end(visit: Visit) -> Response:
    """End some of their subscriptions, on somebody's word."""
    person, app = _person(visit), visit.app
    ground, audiences = one_line(visit.form("why")), visit.form.all("audience")
    errors: dict[str, str] = {}
    if not ground:
        errors["why"] = visit.words("errors.required")
    if not audiences:
        errors["audience"] = visit.words("subscribers.say_which")
    if errors:
        return _page(person, visit, errors)
    ended = [app.people.end(person, audience, ground=ground, by=visit.by) for audience in audiences]
    return _back(person, visit, "subscription_ended" if any(ended) else "subscriber_unchanged")


def cadence(visit: Visit) -> Response:
    """Note how often they want what they get."""
    person, app, written = _person(visit), visit.app, visit.form("cadence")
    chosen = read_cadence(written)
    if chosen is None and written != DEFAULT:
        return _page(person, visit, {"cadence": visit.words("subscribers.no_cadence")})
    try:
        choose_cadence_of(
            person.email,
            chosen,
            app.workspace.families.values(),
            by=visit.by,
            store=app.store,
            clock=app.clock,
        )
    except (BadInput, Conflict) as error:
        return _page(person, visit, {"cadence": str(error)})
    return _back(person, visit, "cadence_noted")


def suppress(visit: Visit) -> Response:
    """Never mail their address again."""
    person, reason = _person(visit), one_line(visit.form("reason"))
    if not reason:
        return _page(person, visit, {"reason": visit.words("errors.required")})
    target = Target(email_key(person.email))
    visit.app.people.suppress(target, reason=reason, by=visit.by)
    return _back(person, visit, "address_suppressed")


def erase(visit: Visit) -> Response:
    """Take them out of the database, for who has typed their address."""
    person = _person(visit)
    if email_key(visit.form("typed")) != email_key(person.email):
        return _page(person, visit, {"typed": visit.words("subscribers.type_the_address")})
    visit.app.people.erase(person.email, source=of_team(visit.by), by=visit.by)
    return visit.to("/subscribers", said="subscriber_erased")


def _person(visit: Visit) -> Subscriber:
    with visit.app.store.read() as tx:
        found = tx.subscribers.by_public_id(visit.part("id"))
    if found is None:
        raise NotFound(visit.words("subscribers.not_here"))
    return found


def _page(
    person: Subscriber,
    visit: Visit,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    app = visit.app
    with app.store.read() as tx:
        words = tx.record.words(person.id)
        choices = choices_of(person, app.workspace, tx)
        standing = tx.consents.standing(person.id)
        received = tx.received.last_of(person.id, _campaigns(standing, visit), limit=LAST)
        then = tx.later.of(one.key for one in received)
        soft = soft_bounces_of(person, tx=tx)
        values: dict[str, Any] = {
            "reader": person,
            "said_words": list(reversed(words)),
            "texts": tx.record.wordings({one.wording for one in words if one.wording}),
            "standing": list(standing.values()),
            "has_left": all(one.state is SubscriptionState.ENDED for one in standing.values()),
            "choice": tx.consents.choice(person.id),
            "suppression": tx.suppressions.of(person.email),
            "asked_to_lift": tx.suppressions.asked_by(email_key(person.email)),
            "received": received,
            "soft": soft,
            "reasons": {one.reason: shown_reason(one.reason, visit.words) for one in received},
            "then": {key: then_of(one, visit.times) for key, one in then.items()},
            "offered": _offered(choices.offered),
            "present": choices.present,
        }
    known = {name: getattr(person, name) for name in PROFILE}
    return visit.page(
        "subscriber.html",
        here="subscribers",
        status_code=status if errors else 200,
        errors=errors or {},
        typed=typed or {**known, "topics": " | ".join(person.topics)},
        seen=mark_of(person),
        edits=typed is not None,
        titles=titles(visit),
        **values,
        **helpers(visit),
    )


def _campaigns(standing: Mapping[str, object], visit: Visit) -> list[str]:
    """Those that write to an audience in which somebody is or was."""
    return [
        one.name
        for one in visit.app.workspace.campaigns.values()
        if one.email is not None and one.email.audience in standing
    ]


def _offered(cadences: tuple[Cadence, ...]) -> list[str]:
    return [one.value for one in cadences]


def _back(person: Subscriber, visit: Visit, said: str) -> Response:
    return visit.to(f"/subscribers/{person.public_id}", said=said)


_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Of a file that is about people."""
