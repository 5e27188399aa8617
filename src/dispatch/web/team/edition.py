"""One edition, on one address for ever: looked at, then going out, then told of."""

from contextlib import suppress
from importlib import import_module

from starlette.responses import Response

from dispatch.model.editions.edition import EditionState
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
    with suppress(ImportError):  # until they are merged
        if desk.edition.state in _GOING:
            return import_module("dispatch.web.team.live").show(visit)
        if desk.edition.state in _OVER:
            return import_module("dispatch.web.team.report").show(visit)
    return page.show(desk)
