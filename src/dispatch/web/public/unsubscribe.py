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
        "noted": "Your wish is noted.",
        "unfound": "We cannot find your address by this link at the moment. Should another letter "
        "reach you, please answer it and ask to be taken off.",
        "nobody": "This link belongs to nobody any more.",
        "answer": "Nothing was changed. Please answer the letter and ask to be taken off.",
    },
    "fr": {
        "title": "Se désabonner",
        "ask": "Voulez-vous ne plus recevoir {audience} ?",
        "to": "La lettre est envoyée à {email}.",
        "button": "Me désabonner",
        "rather": "Plutôt changer la fréquence",
        "done": "Votre désabonnement est enregistré.",
        "after": "{email} ne recevra plus {audience}, même si un envoi est en cours.",
        "noted": "Votre demande est enregistrée.",
        "unfound": "Ce lien ne nous permet pas de retrouver votre adresse pour le moment. Si une "
        "autre lettre vous parvient, répondez-y pour demander votre retrait.",
        "nobody": "Ce lien n’est plus à personne.",
        "answer": "Rien n’a été modifié. Répondez à la lettre pour demander votre retrait.",
    },
}


def ask(request: Request) -> HTMLResponse:
    """A page with a button; looking at it changes nothing, as mail scanners look too (P8)."""
    app: App = request.app.state.app
    bearer = app.tools.links.read_unsubscribe(request.path_params["token"])
    reader = find_reader(bearer, store=app.store)
    locale = language(request, reader)
    words = WORDS[locale]
    return page(
        locale,
        title=words["title"],
        heading=words["ask"].format(audience=app.workspace.audience_title(bearer.audience)),
        text=words["to"].format(email=reader.email) if reader else "",
        button=words["button"],
        links=_rather(app, reader, bearer.audience, words["rather"]) if reader else (),
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
    words = WORDS[language(request, reader)]
    name = app.workspace.audience_title(bearer.audience)
    text = words["after"].format(audience=name, email=reader.email)
    return page(language(request, reader), title=words["title"], heading=words["done"], text=text)


def _unknown(request: Request, bearer: Bearer) -> HTMLResponse:
    """A link that is genuine and nobody's here: a test's, or one from another database.

    What somebody wants by the latter is written down, and counts once that database is back. An
    old link names nobody outside of its database: they are asked to write.
    """
    app: App = request.app.state.app
    locale = language(request)
    words = WORDS[locale]
    if bearer.public_id == NOBODY:
        return page(locale, title=words["title"], heading=words["done"], text="")
    if bearer.public_id:
        end_unknown_subscription(
            bearer.public_id, bearer.audience, store=app.store, endings=app.tools.endings
        )
        return page(locale, title=words["title"], heading=words["noted"], text=words["unfound"])
    return page(
        locale,
        title=words["title"],
        heading=words["nobody"],
        text=words["answer"],
        status_code=404,
    )


def _rather(app: App, reader: Subscriber, audience: str, words: str) -> Sequence[tuple[str, str]]:
    """The way to choose how often it comes, where that can be chosen and is of use to them."""
    families = app.workspace.families_for(audience)
    choice = show_choice(reader.id, audience, families, store=app.store)
    if choice is None or not choice.is_reader or not choice.offered:
        return ()
    links = app.tools.links
    return [(links.cadence_url(links.cadence_token(reader.public_id, audience)), words)]
