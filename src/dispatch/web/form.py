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
    found = await read_fields(request, most_bytes=FORM_BYTES, most_fields=FORM_FIELDS)
    if any(len(texts) > 1 for texts in found.values()):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    return {name: text for name, [text] in found.items()}


async def read_fields(
    request: Request, *, most_bytes: int, most_fields: int
) -> Mapping[str, list[str]]:
    """What was posted for each field, several where it was posted several times.

    Raises HTTPException as `read_form` does.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM_TYPE:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    body = await read_body(request, most=most_bytes)
    found: dict[str, list[str]] = {}
    try:
        fields = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=most_fields, errors="strict"
        )
    except ValueError as error:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY) from error
    for name, text in fields:
        found.setdefault(name, []).append(text)
    return found


async def read_body(request: Request, *, most: int) -> bytes:
    """All of it; raises HTTPException (413) where that is more."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return body
