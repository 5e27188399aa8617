"""What is done with several people at once: those that were ticked in the list."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from dispatch.errors import BadInput, Conflict
from dispatch.model.people.subscriber import Subscriber
from dispatch.model.people.topics import topics_of
from dispatch.model.text.plain_text import one_line
from dispatch.pipeline.people.edit_subscriber import edit_subscriber, mark_of
from dispatch.pipeline.people.export_people import export_chosen
from dispatch.web.team.readers.sheets import sheet
from dispatch.web.team.readers.subscribers import show_list
from dispatch.web.team.visit import Visit

DOINGS = ("export", "topic", "end")


def act(visit: Visit) -> Response:
    """Do it; what takes a word more is asked for on a page of its own first."""
    doing, app = visit.form("do"), visit.app
    ids = list(dict.fromkeys(visit.form.all("ids")))
    if doing not in DOINGS:
        raise BadInput([visit.words("errors.bad_form")])
    if not ids:
        return show_list(visit, {"do": visit.words("subscribers.choose_some")})
    if doing == "export":
        people = export_chosen(ids, by=visit.by, store=app.store, clock=app.clock)
        return sheet(visit.request, f"people-{visit.now:%Y-%m-%d}", people.columns, people.rows)
    chosen = _people(ids, visit)
    if not visit.form.has("sure"):
        return _ask(doing, chosen, visit)
    return (_end if doing == "end" else _add_topic)(chosen, visit)


def _end(chosen: Sequence[Subscriber], visit: Visit) -> Response:
    app, audience = visit.app, visit.form("audience")
    ground = one_line(visit.form("source"))
    errors: dict[str, str] = {}
    if not ground:
        errors["source"] = visit.words("errors.required")
    if audience not in app.people.audiences():
        errors["audience"] = visit.words("subscribers.say_which")
    if errors:
        return _ask("end", chosen, visit, errors)
    ended = [app.people.end(person, audience, ground=ground, by=visit.by) for person in chosen]
    return visit.to("/subscribers", said="subscriptions_ended_several", count=sum(ended))


def _add_topic(chosen: Sequence[Subscriber], visit: Visit) -> Response:
    app = visit.app
    topics, ground = topics_of(visit.form("topic").split("|")), one_line(visit.form("source"))
    errors: dict[str, str] = {}
    if not topics:
        errors["topic"] = visit.words("errors.required")
    if not ground:
        errors["source"] = visit.words("errors.required")
    if errors:
        return _ask("topic", chosen, visit, errors)
    number = 0
    for person in chosen:
        try:
            changed = edit_subscriber(
                person.id,
                {"topics": [*person.topics, *(one for one in topics if one not in person.topics)]},
                seen=mark_of(person),
                source=ground,
                by=visit.by,
                store=app.store,
                clock=app.clock,
            )
        except Conflict:  # they have said something themselves meanwhile, which counts
            continue
        number += bool(changed)
    return visit.to("/subscribers", said="topic_added_to", count=number)


def _people(ids: Sequence[str], visit: Visit) -> list[Subscriber]:
    with visit.app.store.read() as tx:
        found = [tx.subscribers.by_public_id(one) for one in ids]
    return [one for one in found if one is not None]


def _ask(
    doing: str,
    chosen: Sequence[Subscriber],
    visit: Visit,
    errors: Mapping[str, str] | None = None,
) -> Response:
    return visit.page(
        "subscribers_chosen.html",
        here="subscribers",
        status_code=422 if errors else 200,
        errors=errors or {},
        doing=doing,
        chosen=chosen,
        choices=[(one, one) for one in visit.app.people.audiences()],
        typed={name: visit.form(name) for name in ("audience", "source", "topic")},
    )
