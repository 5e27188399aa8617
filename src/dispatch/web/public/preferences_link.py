"""Somebody without a link asks for one: an address, and the same answer to everybody."""

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import InvalidValueError
from dispatch.pipeline.people.limit_marks import LimitMarks
from dispatch.pipeline.people.mail_preferences_link import mail_preferences_link
from dispatch.web.form import read_form
from dispatch.web.network import address_of, network_of
from dispatch.web.page import leaf, words_for
from dispatch.web.public.problems import too_many

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.web.turns import Turns
    from dispatch.words.catalogues import Words

PURPOSE = "preferences"


def ask(request: Request) -> Response:
    """A field for the address."""
    return _page(request)


async def send(request: Request) -> Response:
    """Have the link mailed, and say the same whether anybody is known by that address."""
    try:
        typed = (await read_form(request)).get("email", "")
    except HTTPException as error:
        return _page(request, problem=True, status_code=error.status_code)
    try:
        email = checked_address(typed)
    except InvalidValueError:
        return _page(request, typed=typed[:200], problem=True, status_code=422)
    turns: Turns = request.app.state.turns
    return await turns.take(_sent, request, email)


def _sent(request: Request, email: str) -> Response:
    app: App = request.app.state.app
    words: Words = words_for(request)
    wait = mail_preferences_link(
        email,
        network=network_of(address_of(request, app.settings.proxies)),
        marks=LimitMarks(app.settings.secret_keys, PURPOSE),
        via=app.workspace.mail_channel(),
        locale=words.tag,
        store=app.store,
        clock=app.clock,
    )
    if wait:
        return too_many(request, app.clock() + wait)
    return leaf(
        request,
        "said.html",
        words,
        title=words("preferences.title"),
        heading=words("preferences.mailed"),
        text=words("preferences.mailed_text", email=email),
        links=(),
    )


def _page(
    request: Request, *, typed: str = "", problem: bool = False, status_code: int = 200
) -> Response:
    return leaf(
        request,
        "preferences_link.html",
        words_for(request),
        status_code=status_code,
        typed=typed,
        problem=problem,
    )
