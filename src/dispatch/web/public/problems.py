"""What a reader sees when something is wrong, with what they can do."""

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dispatch.web.page import language, page

log = structlog.get_logger()

WORDS = {
    "en": {
        "unknown": "This link does not work.",
        "whole": "Use the whole link from the mail, or answer the mail and ask to be taken off.",
        "later": "This does not work at the moment.",
        "again": "Nothing was changed. Please open the link again in a few minutes.",
    },
    "fr": {
        "unknown": "Ce lien ne fonctionne pas.",
        "whole": "Utilisez le lien entier du message, ou répondez-y pour demander votre retrait.",
        "later": "Cela ne fonctionne pas pour le moment.",
        "again": "Rien n’a été modifié. Rouvrez le lien dans quelques minutes.",
    },
}


def not_found(request: Request, _error: Exception) -> HTMLResponse:
    """404: a link that is cut off, forged, or no link of ours."""
    return _page(request, "unknown", "whole", status_code=404)


def unavailable(request: Request, error: Exception) -> HTMLResponse:
    """503: the database cannot be used now."""
    log.warning("page not served", sentence=str(error))
    return _page(request, "later", "again", status_code=503)


def _page(request: Request, heading: str, text: str, *, status_code: int) -> HTMLResponse:
    locale = language(request)
    words = WORDS[locale]
    return page(
        locale,
        title=words[heading],
        heading=words[heading],
        text=words[text],
        status_code=status_code,
    )
