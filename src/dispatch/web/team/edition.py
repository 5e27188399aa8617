"""One edition, on one address for ever: looked at, then going out, then told of."""

from starlette.responses import Response

from dispatch.model.editions.edition import EditionState
from dispatch.web.team import live, report
from dispatch.web.team.letters.whom import NUMBER, whom_of
from dispatch.web.team.review import page
from dispatch.web.team.review.desk import known, missing
from dispatch.web.team.visit import Visit

_GOING = frozenset({EditionState.SENDING, EditionState.PAUSED})
_OVER = frozenset({EditionState.FINISHED, EditionState.CANCELLED})


def show(visit: Visit) -> Response:
    """The page that goes with its state."""
    desk = known(visit)
    if desk is None:
        return missing(visit)
    if desk.edition.state in _GOING:
        return live.show(visit)
    if desk.edition.state in _OVER:
        return report.show(visit)
    if desk.is_letter and visit.request.headers.get("x-block") == NUMBER:
        return visit.page("letter/number.html", whom=whom_of(desk))
    return page.show(desk)
