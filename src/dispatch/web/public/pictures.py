"""Pictures that the team has uploaded for pieces, as mails and pages show them."""

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dispatch.model.editions.uploaded import ENDINGS
from dispatch.web.answers import not_modified
from dispatch.web.statics import FOR_A_YEAR

if TYPE_CHECKING:
    from dispatch.app import App

_FILE = re.compile(r"(?P<mark>[0-9a-f]{64})\.(?P<ending>[a-z]{3})", re.ASCII)

_SAFE = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",  # mail programs on the web show them
    "Referrer-Policy": "no-referrer",
}


def show(request: Request) -> Response:
    """One of them, as it was kept: what is called by its bytes stays what it is."""
    asked = _FILE.fullmatch(request.path_params["file"])
    if asked is None or asked["ending"] not in ENDINGS.values():
        raise HTTPException(HTTPStatus.NOT_FOUND)
    app: App = request.app.state.app
    with app.store.read() as tx:
        found = tx.uploaded_pictures.find(asked["mark"])
    if found is None or ENDINGS[found.kind] != asked["ending"]:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    headers = FOR_A_YEAR | _SAFE | {"ETag": f'"{found.mark}"', "Content-Type": found.kind}
    return not_modified(request, headers) or Response(found.data, headers=headers)
