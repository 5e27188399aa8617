"""What is kept about a reader: to take along as JSON, and to have erased."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dispatch.errors import LinkOver, NotFound
from dispatch.model.people.record import Erased
from dispatch.model.people.subscriber import Subscriber, email_key
from dispatch.pipeline.people.erase_person import erase_person
from dispatch.pipeline.people.export_person import export_person
from dispatch.web.chooser import choices_path, chooser_of
from dispatch.web.form import read_form
from dispatch.web.page import PRIVATE, leaf, words_for
from dispatch.words.catalogues import Words

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.web.turns import Turns

BY_READER = "their own page"


def data(request: Request) -> Response:
    """All of it as a file of JSON."""
    app: App = request.app.state.app
    found = export_person(_reader(request), store=app.store)
    text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    headers = PRIVATE | {"Content-Disposition": 'attachment; filename="data.json"'}
    return Response(text, media_type="application/json", headers=headers)


def ask_to_erase(request: Request) -> Response:
    """What goes and what stays; the address is to be typed, so that no scanner erases anybody."""
    return _asked(request, _reader(request))


async def erase(request: Request) -> Response:
    """Erase them, if they have typed their address."""
    reader = _reader(request)
    try:
        typed = (await read_form(request)).get("email", "")
    except HTTPException as error:
        return _asked(request, reader, status_code=error.status_code)
    if email_key(typed) != email_key(reader.email):
        return _asked(request, reader, typed=typed, status_code=422)
    turns: Turns = request.app.state.turns
    return await turns.take(_erased, request, reader)


def _asked(
    request: Request, reader: Subscriber, *, typed: str = "", status_code: int = 200
) -> Response:
    app: App = request.app.state.app
    return leaf(
        request,
        "erase.html",
        words_for(request, reader),
        status_code=status_code,
        reader=reader,
        typed=typed,
        problem=status_code != 200,
        back=choices_path(app, reader),
    )


def _erased(request: Request, reader: Subscriber) -> Response:
    app: App = request.app.state.app
    words = words_for(request, reader)
    try:
        erased = erase_person(
            reader, source=BY_READER, store=app.store, clock=app.clock, endings=app.tools.endings
        )
    except NotFound as error:
        raise LinkOver("preferences link: they were erased already - nothing is left") from error
    return leaf(
        request,
        "erased.html",
        words,
        number=erased.number,
        gone=list(_gone(erased, words)),
        sender=app.workspace.publisher.sender.email,
    )


def _gone(erased: Erased, words: Words) -> Iterator[str]:
    """What there was to erase, in figures."""
    if erased.fields:
        yield words("erase.fields", count=erased.fields)
    if erased.subscriptions:
        yield words("erase.subscriptions", count=erased.subscriptions)
    if erased.deliveries:
        yield words("erase.deliveries", count=erased.deliveries)


def _reader(request: Request) -> Subscriber:
    reader = chooser_of(request).reader
    if reader is None:
        raise NotFound("preferences link: that of a test mail - it is nobody's")
    return reader
