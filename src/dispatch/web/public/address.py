"""A new address is confirmed, by whoever gets mail there: a button, as scanners look too (P8)."""

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from dispatch.pipeline.people.change_address import confirm_new_address, find_change
from dispatch.web.chooser import choices_path
from dispatch.web.page import leaf, words_for
from dispatch.web.public.left import is_kept_back

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.web.turns import Turns
    from dispatch.words.catalogues import Words


def ask(request: Request) -> Response:
    """The new address and a button; the old one is nobody's business there."""
    app: App = request.app.state.app
    bearer = app.tools.links.read_new_address(request.path_params["token"])
    change, reader = find_change(bearer.public_id, store=app.store, now=app.clock())
    words = words_for(request, reader)
    return leaf(request, "address.html", words, email=change.email, done=bool(change.confirmed))


async def confirm(request: Request) -> Response:
    """From now on letters go there; a second time changes nothing."""
    app: App = request.app.state.app
    bearer = app.tools.links.read_new_address(request.path_params["token"])
    turns: Turns = request.app.state.turns
    return await turns.take(_confirmed, request, bearer.public_id)


def _confirmed(request: Request, public_id: str) -> Response:
    app: App = request.app.state.app
    moved = confirm_new_address(
        public_id,
        via=app.workspace.mail_channel(),
        store=app.store,
        clock=app.clock,
        endings=app.tools.endings,
    )
    reader = moved.reader
    words: Words = words_for(request, reader)
    heading = words("address.done")
    text = (
        words("address.joined")
        if moved.joined_another
        else words("address.after", email=reader.email)
    )
    if is_kept_back(app, reader):
        heading = words("confirm.kept_back")
        text = words("left.kept_back", email=reader.email)
    return leaf(
        request,
        "said.html",
        words,
        title=words("address.title"),
        heading=heading,
        text=text if moved.new else "",
        links=[(choices_path(app, reader), words("address.choices"))] if moved.new else [],
    )
