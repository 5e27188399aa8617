"""What a reader sees when something is wrong, with what they can do; hubs see a status only."""

from datetime import datetime
from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from dispatch.web.look import Look
from dispatch.web.page import PRIVATE, leaf, words_for
from dispatch.words.catalogues import Words

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.web.serving.tally import Tally

HOUR = 60
"""Minutes."""


def not_found(request: Request, _error: Exception) -> Response:
    """404: a link that is cut off, forged, or no link of ours."""
    words = words_for(request)
    heading, advice = words("problems.unknown"), words("problems.unknown_advice")
    if request.url.path.startswith(f"{request.app.state.base}/archive/"):
        heading, advice = words("archive.not_there"), words("archive.not_there_advice")
    status = HTTPStatus.NOT_FOUND
    return _answer(request, words, heading, advice, status_code=status, ask=_may_ask(request))


def link_over(request: Request, _error: Exception) -> Response:
    """410: a link of ours that newer ones have replaced, or whose time is over."""
    words = words_for(request)
    heading, advice = words("problems.over"), words("problems.over_advice")
    return _answer(request, words, heading, advice, status_code=HTTPStatus.GONE, ask=True)


def gone(request: Request, heading: str, advice: str, *, form: str = "") -> Response:
    """410: a link of ours whose time is over; who calls says what it was, and what to do now."""
    words, status = words_for(request), HTTPStatus.GONE
    return _answer(request, words, heading, advice, status_code=status, form=form)


def too_many(request: Request, until: datetime) -> Response:
    """429: too often from one place or for one address; it works again at `until`."""
    app: App = request.app.state.app
    words = words_for(request)
    seconds = max(ceil((until - app.clock()).total_seconds()), 1)
    minutes = ceil(seconds / 60)
    wait = (
        words("problems.in_minutes", count=minutes)
        if minutes < HOUR
        else words("problems.in_hours", count=ceil(minutes / HOUR))
    )
    heading, advice = words("problems.often"), words("problems.often_advice", wait=wait)
    answer = _answer(request, words, heading, advice, status_code=HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def refused(request: Request, error: Exception) -> Response:
    """What a handler or the routing refuses, by HTTPException: a method, or what was posted."""
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
    words = words_for(request)
    heading, advice = words("problems.refused"), words("problems.refused_advice")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        heading, advice = words("problems.long"), words("problems.long_advice")
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
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return _answer(request, words, heading, advice, status_code=status, again=True)


def failed(request: Request, reference: str) -> Response:
    """500: nobody foresaw it; the log has a line with the same reference.

    Nothing more is asked of the workspace, so that the page has no publisher.
    """
    words = words_for(request)
    heading = words("problems.failed")
    advice = words("problems.failed_advice", reference=reference)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    answer = _answer(request, words, heading, advice, status_code=status, again=True, look=Look())
    answer.headers["X-Reference"] = reference
    return answer


def _answer(
    request: Request,
    words: Words,
    heading: str,
    advice: str,
    *,
    status_code: int,
    again: bool = False,
    ask: bool = False,
    form: str = "",
    look: Look | None = None,
) -> Response:
    """`again` is for what goes away by itself: a page that was only looked at offers to.

    With `ask` it leads to where somebody has a new link mailed, with `form` to that form.
    """
    if _is_for_programs(request):
        return Response(status_code=status_code, headers=PRIVATE)
    return leaf(
        request,
        "problem.html",
        words,
        status_code=status_code,
        look=look,
        heading=heading,
        advice=advice,
        again=again and request.method in {"GET", "HEAD"},
        ask=f"{request.app.state.base}/preferences" if ask else "",
        form=f"{request.app.state.base}/subscribe/{form}" if form else "",
    )


def _may_ask(request: Request) -> bool:
    """Whether somebody came by a link to their own choices, which can be had anew."""
    path = request.url.path.removeprefix(request.app.state.base)
    return path.startswith(("/preferences/", "/cadence/", "/address/"))


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
