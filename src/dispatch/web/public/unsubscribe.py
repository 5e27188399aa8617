"""Leaving: a page with a button, and the one click that mail programs send (RFC 8058)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse

from dispatch.app import App
from dispatch.pipeline.choose_cadence import show_choice
from dispatch.pipeline.subscribe import end_subscription
from dispatch.web.page import language, page

if TYPE_CHECKING:
    from dispatch.web.turns import Turns

WORDS = {
    "en": {
        "title": "Unsubscribe",
        "ask": "Do you want to stop receiving {audience}?",
        "to": "It is sent to {email}.",
        "button": "Unsubscribe",
        "rather": "Rather get it less often, or more often",
        "done": "You are unsubscribed.",
        "after": "{email} will not get {audience} any more, even if it is on its way out now.",
    },
    "fr": {
        "title": "Se désabonner",
        "ask": "Voulez-vous ne plus recevoir {audience} ?",
        "to": "La lettre est envoyée à {email}.",
        "button": "Me désabonner",
        "rather": "Plutôt changer la fréquence",
        "done": "Votre désabonnement est enregistré.",
        "after": "{email} ne recevra plus {audience}, même si un envoi est en cours.",
    },
}


def ask(request: Request) -> HTMLResponse:
    """A page with a button; looking at it changes nothing, as mail scanners look too (P8)."""
    app: App = request.app.state.app
    subscriber_id, audience = app.links.read_unsubscribe(request.path_params["token"])
    email, locale = _person(app, subscriber_id, request)
    words = WORDS[locale]
    return page(
        locale,
        title=words["title"],
        heading=words["ask"].format(audience=app.workspace.audience_title(audience)),
        text=words["to"].format(email=email) if email else "",
        button=words["button"],
        links=_rather(app, subscriber_id, audience, words["rather"]) if email else (),
    )


async def unsubscribe(request: Request) -> HTMLResponse:
    """End the subscription that the link is for; a second time changes nothing.

    What is posted with it is not read: the click is in the address.
    """
    app: App = request.app.state.app
    subscriber_id, audience = app.links.read_unsubscribe(request.path_params["token"])
    turns: Turns = request.app.state.turns
    return await turns.take(_ended, request, subscriber_id, audience)


def _ended(request: Request, subscriber_id: int, audience: str) -> HTMLResponse:
    app: App = request.app.state.app
    end_subscription(
        subscriber_id, audience, source="unsubscribe link", store=app.store, clock=app.clock
    )
    email, locale = _person(app, subscriber_id, request)
    words = WORDS[locale]
    name = app.workspace.audience_title(audience)
    text = words["after"].format(audience=name, email=email) if email else ""
    return page(locale, title=words["title"], heading=words["done"], text=text)


def _rather(app: App, subscriber_id: int, audience: str, words: str) -> Sequence[tuple[str, str]]:
    """The way to choose how often it comes, where that can be chosen and is of use to them."""
    families = app.workspace.families_for(audience)
    choice = show_choice(subscriber_id, audience, families, store=app.store)
    if choice is None or not choice.is_reader or not choice.offered:
        return ()
    return [(app.links.cadence_url(app.links.cadence_token(subscriber_id, audience)), words)]


def _person(app: App, subscriber_id: int, request: Request) -> tuple[str, str]:
    """Their address and the language of the page; a test mail's link is nobody's."""
    with app.store.read() as tx:
        person = tx.subscribers.get([subscriber_id]).get(subscriber_id)
    return person.email if person else "", language(request, person)
