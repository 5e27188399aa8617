"""Leaving: a page with a button, and the one click that mail programs send (RFC 8058)."""

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse

from dispatch.app import App
from dispatch.model.people.subscriber import NOBODY, Subscriber
from dispatch.pipeline.messages.tokens import Bearer
from dispatch.pipeline.people.choose_cadence import show_choice
from dispatch.pipeline.people.find_reader import find_reader
from dispatch.pipeline.people.subscribe import end_subscription, end_unknown_subscription
from dispatch.web.page import leaf, words_for
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
    rather = _rather(app, reader, bearer.audience) if reader else ""
    return leaf(request, "unsubscribe.html", words, reader=reader, audience=audience, rather=rather)


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
    done = words("unsubscribe.done")
    after = words("unsubscribe.after", audience=audience, email=reader.email)
    return _said(request, words, done, after)


def _unknown(request: Request, bearer: Bearer) -> HTMLResponse:
    """A link that is genuine and nobody's here: a test's, or one from another database.

    What somebody wants by the latter is written down, and counts once that database is back. An
    old link names nobody outside of its database: they are asked to write.
    """
    app: App = request.app.state.app
    words = words_for(request)
    if bearer.public_id == NOBODY:
        return _said(request, words, words("unsubscribe.done"), "")
    if bearer.public_id:
        end_unknown_subscription(
            bearer.public_id, bearer.audience, store=app.store, endings=app.tools.endings
        )
        return _said(request, words, words("unsubscribe.noted"), words("unsubscribe.unfound"))
    nobody, answer = words("unsubscribe.nobody"), words("unsubscribe.answer")
    return _said(request, words, nobody, answer, status_code=404)


def _said(
    request: Request, words: Words, heading: str, text: str, *, status_code: int = 200
) -> HTMLResponse:
    title = words("unsubscribe.title")
    return leaf(
        request,
        "said.html",
        words,
        status_code=status_code,
        title=title,
        heading=heading,
        text=text,
        links=(),
    )


def _rather(app: App, reader: Subscriber, audience: str) -> str:
    """The way to choose how often it comes, where that can be chosen and is of use to them."""
    families = app.workspace.families_for(audience)
    choice = show_choice(reader.id, audience, families, store=app.store)
    if choice is None or not choice.is_reader or not choice.offered:
        return ""
    links = app.tools.links
    return links.cadence_url(links.cadence_token(reader.public_id, audience))
