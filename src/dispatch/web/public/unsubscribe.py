"""Leaving: a page with a button, and the one click that mail programs send (RFC 8058)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse

from dispatch.app import App
from dispatch.model.people.subscriber import NOBODY, Subscriber
from dispatch.pipeline.messages.tokens import Bearer
from dispatch.pipeline.people.choose_cadence import show_choice
from dispatch.pipeline.people.find_reader import find_reader
from dispatch.pipeline.people.subscribe import end_subscription, end_unknown_subscription
from dispatch.web.look import look_of
from dispatch.web.page import page, words_for
from dispatch.words.catalogues import Words

if TYPE_CHECKING:
    from dispatch.web.turns import Turns


def ask(request: Request) -> HTMLResponse:
    """A page with a button; looking at it changes nothing, as mail scanners look too (P8)."""
    app: App = request.app.state.app
    bearer = app.tools.links.read_unsubscribe(request.path_params["token"])
    reader = find_reader(bearer, store=app.store)
    words = words_for(request, reader)
    audience = app.workspace.audience_title(bearer.audience)
    return page(
        words,
        look_of(request),
        title=words("unsubscribe.title"),
        heading=words("unsubscribe.ask", audience=audience),
        text=words("unsubscribe.to", email=reader.email) if reader else "",
        button=words("unsubscribe.button"),
        links=_rather(app, reader, bearer.audience, words) if reader else (),
    )


async def unsubscribe(request: Request) -> HTMLResponse:
    """End the subscription that the link is for; a second time changes nothing.

    What is posted with it is not read: the click is in the address.
    """
    app: App = request.app.state.app
    bearer = app.tools.links.read_unsubscribe(request.path_params["token"])
    turns: Turns = request.app.state.turns
    return await turns.take(_ended, request, bearer)


def _ended(request: Request, bearer: Bearer) -> HTMLResponse:
    app: App = request.app.state.app
    reader = find_reader(bearer, store=app.store)
    if reader is None:
        return _unknown(request, bearer)
    end_subscription(
        reader,
        bearer.audience,
        source="unsubscribe link",
        store=app.store,
        clock=app.clock,
        endings=app.tools.endings,
    )
    words = words_for(request, reader)
    audience = app.workspace.audience_title(bearer.audience)
    return page(
        words,
        look_of(request),
        title=words("unsubscribe.title"),
        heading=words("unsubscribe.done"),
        text=words("unsubscribe.after", audience=audience, email=reader.email),
    )


def _unknown(request: Request, bearer: Bearer) -> HTMLResponse:
    """A link that is genuine and nobody's here: a test's, or one from another database.

    What somebody wants by the latter is written down, and counts once that database is back. An
    old link names nobody outside of its database: they are asked to write.
    """
    app: App = request.app.state.app
    words = words_for(request)
    title = words("unsubscribe.title")
    if bearer.public_id == NOBODY:
        return page(
            words, look_of(request), title=title, heading=words("unsubscribe.done"), text=""
        )
    if bearer.public_id:
        end_unknown_subscription(
            bearer.public_id, bearer.audience, store=app.store, endings=app.tools.endings
        )
        noted, unfound = words("unsubscribe.noted"), words("unsubscribe.unfound")
        return page(words, look_of(request), title=title, heading=noted, text=unfound)
    return page(
        words,
        look_of(request),
        title=title,
        heading=words("unsubscribe.nobody"),
        text=words("unsubscribe.answer"),
        status_code=404,
    )


def _rather(app: App, reader: Subscriber, audience: str, words: Words) -> Sequence[tuple[str, str]]:
    """The way to choose how often it comes, where that can be chosen and is of use to them."""
    families = app.workspace.families_for(audience)
    choice = show_choice(reader.id, audience, families, store=app.store)
    if choice is None or not choice.is_reader or not choice.offered:
        return ()
    links = app.tools.links
    address = links.cadence_url(links.cadence_token(reader.public_id, audience))
    return [(address, words("unsubscribe.rather"))]
