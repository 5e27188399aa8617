"""Two people have said at once to whom a letter goes, or when."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from markupsafe import Markup, escape
from starlette.responses import Response

from dispatch.web.team.review import clash
from dispatch.web.team.review.desk import Desk
from dispatch.web.team.visit import Visit

TEXTS = ("segment",)
"""What two can join; of all else one of both is kept."""


def both(
    desk: Desk, differ: Sequence[str], typed: Mapping[str, str], now: Mapping[str, str]
) -> Response:
    """409: what was typed, beside what is saved by now."""
    visit = desk.visit
    titles = {name: visit.words(f"letters.field_{name}", city=visit.times.city) for name in differ}
    texts = [name for name in differ if name in TEXTS]
    picks = [
        clash.Pick(
            name=name,
            title=titles[name],
            mine=typed[name],
            theirs=now[name],
            mine_shown=_shown(visit, name, typed[name]),
            theirs_shown=_shown(visit, name, now[name]),
            keeps_theirs=clash.untouched(visit, name, typed[name]),
        )
        for name in differ
        if name not in TEXTS
    ]
    was = {clash.WAS + pick.name: pick.theirs for pick in picks}
    return clash.page(desk, "letter", texts, typed, now, titles=titles, hidden=was, picks=picks)


def _shown(visit: Visit, name: str, value: str) -> Markup:
    """As people say it."""
    if name == "tells":
        return escape(visit.words("letters.yes" if value else "letters.no"))
    if not value:
        return escape(visit.words("letters.none"))
    try:
        if name == "day":
            return escape(visit.times.day(date.fromisoformat(value)))
        if name == "hour":
            hour = time.fromisoformat(value.strip().rjust(5, "0"))
            return escape(visit.times.clock_of(datetime.combine(visit.now, hour)))
    except ValueError:
        return escape(value)  # as it was typed
    return escape(", ".join(value.split()) if name == "social" else value)
