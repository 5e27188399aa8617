"""The list of editions: what the runs made, and the slots that made nothing, with the reason."""

from functools import partial

from starlette.responses import Response

from dispatch.model.editions.listed import STAGES
from dispatch.store.editions.listed import SEARCHED
from dispatch.web.team.campaign_titles import titles
from dispatch.web.team.numbers import number_in
from dispatch.web.team.queries import with_query
from dispatch.web.team.visit import Visit

PAGE = 50


def show(visit: Visit) -> Response:
    """The page; filters and the place in the list are in the address."""
    asked = {name: visit.asked(name) for name in ("q", "campaign", "state")}
    asked["state"] = asked["state"] if asked["state"] in STAGES else ""
    number = number_in(visit.asked("before")) or 0
    with visit.app.store.read() as tx:
        found = tx.listed_editions.page(
            campaign=asked["campaign"],
            stage=asked["state"],
            text=asked["q"][:200],
            before=number,
            now=visit.now,
            most=PAGE + 1,
        )
        persons = {person.handle: person.name for person in tx.persons.all(ended=True)}
    known = titles(visit)
    if asked["campaign"] and asked["campaign"] not in known:
        known[asked["campaign"]] = asked["campaign"]
    address = partial(with_query, f"{visit.base}/editions", asked)
    rows, more = found[:PAGE], len(found) > PAGE
    return visit.page(
        "editions.html",
        here="editions",
        rows=rows,
        asked=asked,
        titles=known,
        stages=STAGES,
        persons=persons,
        newer=address() if number else "",
        searched=SEARCHED if asked["q"] and not asked["campaign"] else 0,
        older=address(before=rows[-1].run) if more else "",
    )
