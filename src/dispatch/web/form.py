"""Forms: reading what a browser posts, however wrong it is."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from dispatch.web.limits import FORM_BYTES, FORM_FIELDS

FORM_TYPE = "application/x-www-form-urlencoded"


async def read_form(request: Request) -> Mapping[str, str]:
    """The fields by name.

    Raises HTTPException: 413 for more than any form of ours says, 422 for what is no form, has too
    many fields, or says something twice. How long it may take is the server's business.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM_TYPE:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    body = await _body(request)
    try:
        fields = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=FORM_FIELDS, errors="strict"
        )
    except ValueError as error:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY) from error
    form = dict(fields)
    if len(form) < len(fields):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    return form


async def _body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > FORM_BYTES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return body
