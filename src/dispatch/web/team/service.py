"""To the sign-in service and back."""

import structlog
from starlette.responses import Response

from dispatch.errors import Conflict, LinkOver
from dispatch.model.team.passes import VALID_FOR, Purpose
from dispatch.pipeline.team.sign_in_service import ServiceFailed
from dispatch.web.team import cookie
from dispatch.web.team.arrival import let_in, new_browser, wanted
from dispatch.web.team.visit import Visit

log = structlog.get_logger()

MOST = 4_000
"""Characters of what comes back that are looked at."""


def set_out(visit: Visit) -> Response:
    """A page that sends on by itself: browsers let no form lead to another site, as ours say."""
    service = visit.app.workspace.sign_in.service
    try:
        address, secret = visit.app.signing_in.to_service(wanted(visit))
    except (ServiceFailed, Conflict) as error:
        log.warning("sign_in.service_failed", problem=str(error))
        return visit.to("/sign-in", said="service_failed")
    name = service.name if service else ""
    answer = visit.page("to_service.html", address=address, service=name)
    seconds = int(VALID_FOR[Purpose.SERVICE].total_seconds())
    cookie.give(visit.request, answer, secret, cookie.SERVICE, seconds=seconds)
    return answer


def come_back(visit: Visit) -> Response:
    """They are back: with a code that says who they are, or with an error."""
    answer = _came_back(visit)
    cookie.take_back(visit.request, answer, cookie.SERVICE)
    return answer


def _came_back(visit: Visit) -> Response:
    secret = cookie.token_in(visit.request, cookie.SERVICE)
    state, code = visit.asked("state")[:MOST], visit.asked("code")[:MOST]
    if not secret or not state:
        return visit.to("/sign-in")
    browser, token = new_browser(visit)
    try:
        person, onward = visit.app.signing_in.from_service(state, secret, code, browser)
    except LinkOver:
        return visit.to("/sign-in", said="code_over")
    except (ServiceFailed, Conflict) as error:
        log.warning("sign_in.service_failed", problem=str(error))
        return visit.to("/sign-in", said="service_failed")
    if person is None:
        return visit.to("/sign-in", said="no_account")
    return let_in(visit, token, onward)
