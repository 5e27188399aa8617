"""The list of people: looked for by address, name, audience and state, or picked by a segment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from dispatch.errors import NotFound, TemplateFailed
from dispatch.model.people.segment import rule_of
from dispatch.model.people.subscriber import SubscriptionState
from dispatch.pipeline.people.look_at_segment import Picked, look_at_segment
from dispatch.store.people.finding import Found, Wanted
from dispatch.store.team.reader_counts import ALL
from dispatch.web.team.numbers import number_in
from dispatch.web.team.queries import with_query
from dispatch.web.team.readers.told import helpers
from dispatch.web.team.visit import Visit

PAGE = 50
STATES = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED, SubscriptionState.ENDED)
"""Those that somebody can be in: who has not confirmed a form is nobody's reader."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """What stands on one page of the list; `more` are the fields of the address of the next."""

    people: Sequence[Found]
    more: Mapping[str, str] | None = None
    further: bool = False  # there was no time to look at everybody
    picked: Picked | None = None


def show(visit: Visit) -> Response:
    """The page."""
    return show_list(visit)


def show_list(visit: Visit, errors: Mapping[str, str] | None = None) -> Response:
    """The list, also beside what is wrong with what was to be done with those chosen."""
    app, wrong = visit.app, dict(errors or {})
    audiences = app.people.audiences()
    asked = {name: visit.asked(name) for name in ("q", "audience", "state", "segment")}
    if asked["state"] not in STATES:
        asked["state"] = ""
    if asked["audience"] not in audiences:
        asked["audience"] = ""
    if asked["segment"] and not asked["audience"]:
        asked["audience"] = _usual(audiences, visit)
    listed = _Listed(())
    try:
        listed = _picked(asked, visit) if asked["segment"] else _found(asked, audiences, visit)
    except (TemplateFailed, NotFound) as error:
        wrong["segment"] = str(error)
    with app.store.read() as tx:
        total = tx.reader_counts.now(ALL)
    return visit.page(
        "subscribers.html",
        here="subscribers",
        status_code=422 if errors else 200,
        errors=wrong,
        listed=listed,
        asked=asked,
        audiences=audiences,
        states=STATES,
        segments=sorted(app.workspace.segments),
        total=total,
        narrowed=any(asked.values()),
        older=with_query(f"{visit.base}/subscribers", asked, **listed.more) if listed.more else "",
        is_later=bool(visit.asked("before") or visit.asked("after")),
        **helpers(visit),
    )


def _found(asked: Mapping[str, str], audiences: Sequence[str], visit: Visit) -> _Listed:
    wanted = Wanted(asked["q"], asked["audience"], asked["state"])
    before, below = number_in(visit.asked("before")) or 0, 0
    with visit.app.store.read() as tx:
        if wanted.text:
            sought = tx.finding.look_for(wanted, before=before, most=PAGE + 1)
            people, below = list(sought.items), sought.below
        else:
            people = tx.finding.page(wanted, audiences, before=before, most=PAGE + 1)
    if len(people) > PAGE:
        return _Listed(people[:PAGE], {"before": str(people[PAGE - 1].subscriber.id)})
    return _Listed(people, {"before": str(below)} if below else None, further=bool(below))


def _picked(asked: Mapping[str, str], visit: Visit) -> _Listed:
    rule = rule_of(asked["segment"], visit.app.workspace.segments)
    with visit.app.store.read() as tx:
        picked = look_at_segment(
            rule,
            asked["audience"],
            tx=tx,
            renderer=visit.app.tools.trials,
            after=number_in(visit.asked("after")) or 0,
            most=PAGE + 1,
        )
        people = tx.finding.those(picked.ids[:PAGE])
    more = {"after": str(picked.ids[PAGE - 1])} if len(picked.ids) > PAGE else None
    return _Listed(people, more, picked=picked)


def _usual(audiences: Sequence[str], visit: Visit) -> str:
    """The audience that is meant where none is named: the first that a campaign writes to."""
    return next(iter(visit.app.workspace.written_to()), audiences[0] if audiences else "")
