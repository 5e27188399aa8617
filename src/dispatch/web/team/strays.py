"""What goes wrong below /team outside of any page: the team sees it in its own look.

Nothing is asked of the database there: it may be what is wrong.
"""

from collections.abc import Callable
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dispatch.web.team import problems
from dispatch.web.team.gate import passing

Answer = Callable[[Request, Exception], Response]


def is_stray(request: Request) -> bool:
    """Whether an address is one of the team's, be there a page or not."""
    home = f"{request.app.state.base}/team"
    return request.url.path == home or request.url.path.startswith(f"{home}/")


def or_else(public: Answer) -> Answer:
    """What answers readers, and the team in its own way: a method or an address of no page."""

    def answer(request: Request, error: Exception) -> Response:
        if not is_stray(request):
            return public(request, error)
        status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
        if status == HTTPStatus.NOT_FOUND:
            return problems.nothing(passing(request))
        answer = problems.refused(passing(request), status)
        if isinstance(error, HTTPException) and error.headers:
            answer.headers.update(error.headers)
        return answer

    return answer


def failed(request: Request, reference: str) -> Response:
    """500: nobody foresaw it; the log has a line with the same reference."""
    return problems.failed(passing(request), reference)
