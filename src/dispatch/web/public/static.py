"""Style sheet, script and icon of the pages, to be kept for a year."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dispatch.web.look import BRAND_SHEET, look_of
from dispatch.web.statics import FOR_A_YEAR, Static, style

if TYPE_CHECKING:
    from dispatch.web.statics import Statics


async def static(request: Request) -> Response:
    """One of the files, or the publisher's colours; 404 for any other fingerprint or name."""
    mark, name = request.path_params["fingerprint"], request.path_params["file"]
    statics: Statics = request.app.state.statics
    found = _brand(request, mark) if name == BRAND_SHEET else statics.find(mark, name)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    headers = FOR_A_YEAR | {"Content-Type": found.kind, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", "").lower():
        return Response(found.packed, headers=headers | {"Content-Encoding": "gzip"})
    return Response(found.content, headers=headers)


def _brand(request: Request, mark: str) -> Static | None:
    look = look_of(request)
    return style(look.sheet) if look.sheet and mark == look.mark else None
