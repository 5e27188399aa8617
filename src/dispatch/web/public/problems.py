"""What a reader sees when something is wrong, with what they can do; hubs see a status only."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from dispatch.web.page import PRIVATE, language, page

if TYPE_CHECKING:
    from dispatch.web.serving.tally import Tally

WORDS = {
    "en": {
        "unknown": "This link does not work.",
        "whole": "Use the whole link from the mail, or answer the mail and ask to be taken off.",
        "refused": "This does not work like that.",
        "open": "Nothing was changed. Please open the link from the mail again.",
        "later": "This does not work at the moment.",
        "again": "Nothing was changed. Please open the link again in a few minutes.",
        "failed": "Something went wrong here.",
        "tell": "It is not your fault. Please try again in a few minutes. If it stays like that, "
        "answer the mail and tell us this reference: {reference}",
    },
    "fr": {
        "unknown": "Ce lien ne fonctionne pas.",
        "whole": "Utilisez le lien entier du message, ou répondez-y pour demander votre retrait.",
        "refused": "Cela ne fonctionne pas ainsi.",
        "open": "Rien n’a été modifié. Rouvrez le lien du message.",
        "later": "Cela ne fonctionne pas pour le moment.",
        "again": "Rien n’a été modifié. Rouvrez le lien dans quelques minutes.",
        "failed": "Un problème est survenu chez nous.",
        "tell": "Vous n’y êtes pour rien. Réessayez dans quelques minutes. Si cela persiste, "
        "répondez au message en indiquant cette référence : {reference}",
    },
}


def not_found(request: Request, _error: Exception) -> Response:
    """404: a link that is cut off, forged, or no link of ours."""
    return _answer(request, "unknown", "whole", status_code=HTTPStatus.NOT_FOUND)


def refused(request: Request, error: Exception) -> Response:
    """What a handler or the routing refuses, by HTTPException: a method, or what was posted."""
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
    answer = _answer(request, "refused", "open", status_code=status)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join(sorted(_methods(request)))
    return answer


async def unavailable(request: Request, error: Exception) -> Response:
    """503: the database cannot be used now, which is told once a minute, however many ask."""
    tally: Tally = request.app.state.tally
    tally.note("web.page_unavailable", problem=str(error))
    return _answer(request, "later", "again", status_code=HTTPStatus.SERVICE_UNAVAILABLE)


def failed(request: Request, reference: str) -> Response:
    """500: nobody foresaw it; the log has a line with the same reference."""
    answer = _answer(request, "failed", "tell", status_code=500, reference=reference)
    answer.headers["X-Reference"] = reference
    return answer


def _answer(
    request: Request, heading: str, text: str, *, status_code: int, reference: str = ""
) -> Response:
    if _is_for_programs(request):
        return Response(status_code=status_code, headers=PRIVATE)
    locale = language(request)
    words = WORDS[locale]
    return page(
        locale,
        title=words[heading],
        heading=words[heading],
        text=words[text].format(reference=reference),
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
