"""What a reader sees when something is wrong, with what they can do; hubs see a status only."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from dispatch.web.look import Look, look_of
from dispatch.web.page import PRIVATE, page, words_for
from dispatch.words.catalogues import Words

if TYPE_CHECKING:
    from dispatch.web.serving.tally import Tally


def not_found(request: Request, _error: Exception) -> Response:
    """404: a link that is cut off, forged, or no link of ours."""
    words = words_for(request)
    heading, advice = words("problems.unknown"), words("problems.unknown_advice")
    return _answer(request, words, heading, advice, status_code=HTTPStatus.NOT_FOUND)


def refused(request: Request, error: Exception) -> Response:
    """What a handler or the routing refuses, by HTTPException: a method, or what was posted."""
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
    words = words_for(request)
    heading, advice = words("problems.refused"), words("problems.refused_advice")
    answer = _answer(request, words, heading, advice, status_code=status)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join(sorted(_methods(request)))
    return answer


async def unavailable(request: Request, error: Exception) -> Response:
    """503: the database cannot be used now, which is told once a minute, however many ask."""
    tally: Tally = request.app.state.tally
    tally.note("web.page_unavailable", problem=str(error))
    words = words_for(request)
    heading, advice = words("problems.later"), words("problems.later_advice")
    return _answer(request, words, heading, advice, status_code=HTTPStatus.SERVICE_UNAVAILABLE)


def failed(request: Request, reference: str) -> Response:
    """500: nobody foresaw it; the log has a line with the same reference."""
    words = words_for(request)
    heading = words("problems.failed")
    advice = words("problems.failed_advice", reference=reference)
    answer = _answer(request, words, heading, advice, status_code=500)
    answer.headers["X-Reference"] = reference
    return answer


def _answer(
    request: Request, words: Words, heading: str, advice: str, *, status_code: int
) -> Response:
    if _is_for_programs(request):
        return Response(status_code=status_code, headers=PRIVATE)
    look = Look() if status_code == HTTPStatus.INTERNAL_SERVER_ERROR else look_of(request)
    return page(
        words,
        look,  # after what nobody foresaw, nothing more is asked of the workspace
        title=heading,
        heading=heading,
        text=advice,
        status_code=status_code,
    )


def _is_for_programs(request: Request) -> bool:
    """Whether it went to one of `web/hooks/`, where nobody reads pages."""
    handler = request.scope.get("endpoint")
    return handler is not None and handler.__module__.startswith("dispatch.web.hooks.")


def _methods(request: Request) -> set[str]:
    """All that the address takes: each of its routes only knows its own."""
    return {
        method
        for route in request.app.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }
