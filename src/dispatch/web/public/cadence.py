"""How often: a page where a reader chooses, with one button."""

from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.campaigns.cadence import Cadence, Family, read_cadence
from dispatch.model.people.subscriber import Subscriber
from dispatch.pipeline.people.choose_cadence import CadenceChoice, choose_cadence, show_choice
from dispatch.pipeline.people.find_reader import find_reader
from dispatch.web.form import read_form
from dispatch.web.page import language, page

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.web.turns import Turns

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "title": "How often",
        "ask": "How often would you like {audience}?",
        "to": "It is sent to {email}.",
        "legend": "How often",
        Cadence.EACH_POST: ("With each new post", "as soon as there is something new"),
        Cadence.DAILY: ("Daily", "the day’s posts together"),
        Cadence.WEEKLY: ("Weekly", "the week’s posts together"),
        Cadence.MONTHLY: ("Monthly", "the month’s posts together"),
        "now": "as it is now",
        "button": "Save",
        "done": "Your choice is saved.",
        "after": "{email} gets {audience} like this from now on: {cadence}."
        " You miss no post by it, and get none twice.",
        "back": "Choose again",
        "leave": "Unsubscribe instead",
        "left": "There is nothing to choose.",
        "why": "{email} is not subscribed to {audience}. Nothing was changed.",
        "none": "{audience} comes in one way only at the moment. Nothing was changed.",
        "stranger": "This link is from a test and belongs to nobody. Nothing was changed.",
        "missing": "Please choose one of these.",
    },
    "fr": {
        "title": "Fréquence",
        "ask": "À quelle fréquence souhaitez-vous recevoir {audience} ?",
        "to": "La lettre est envoyée à {email}.",
        "legend": "Fréquence",
        Cadence.EACH_POST: ("À chaque nouveau texte", "dès qu’il y a du nouveau"),
        Cadence.DAILY: ("Chaque jour", "les textes du jour réunis"),
        Cadence.WEEKLY: ("Chaque semaine", "les textes de la semaine réunis"),
        Cadence.MONTHLY: ("Chaque mois", "les textes du mois réunis"),
        "now": "actuellement",
        "button": "Enregistrer",
        "done": "Votre choix est enregistré.",
        "after": "Désormais, {email} reçoit {audience} ainsi : {cadence}."
        " Aucun texte ne sera manqué ni envoyé deux fois.",
        "back": "Choisir à nouveau",
        "leave": "Plutôt se désabonner",
        "left": "Il n’y a rien à choisir.",
        "why": "{email} n’est pas abonnée à {audience}. Rien n’a été modifié.",
        "none": "{audience} n’a qu’une fréquence pour le moment. Rien n’a été modifié.",
        "stranger": "Ce lien vient d’un essai et n’est à personne. Rien n’a été modifié.",
        "missing": "Choisissez l’une de ces fréquences.",
    },
}


def ask(request: Request) -> HTMLResponse:
    """The choices with the present one; looking at them changes nothing (P8)."""
    app: App = request.app.state.app
    reader, audience = _bearer(request)
    families = app.workspace.families_for(audience)
    choice = show_choice(reader.id, audience, families, store=app.store) if reader else None
    return _asked(request, choice, audience, families)


async def choose(request: Request) -> HTMLResponse:
    """Note what was chosen; the same again changes nothing, and what is no choice asks again."""
    app: App = request.app.state.app
    app.tools.links.read_cadence(request.path_params["token"])  # before anything of it is read
    word, problem = "", HTTPStatus.UNPROCESSABLE_ENTITY.value
    try:
        word = (await read_form(request)).get("cadence", "")
    except HTTPException as error:
        problem = error.status_code
    turns: Turns = request.app.state.turns
    return await turns.take(_chosen, request, word, problem)


def _chosen(request: Request, word: str, problem: int) -> HTMLResponse:
    app: App = request.app.state.app
    reader, audience = _bearer(request)
    families = app.workspace.families_for(audience)
    if reader is None:
        return _asked(request, None, audience, families)
    cadence = read_cadence(word)
    choice = None
    if cadence is not None:
        with suppress(BadInput, Conflict, NotFound):  # the page says what there is to choose
            choice = choose_cadence(
                reader.id, audience, cadence, families, store=app.store, clock=app.clock
            )
    if cadence is None or choice is None:
        choice = show_choice(reader.id, audience, families, store=app.store)
        return _asked(request, choice, audience, families, problem=problem)
    locale = language(request, choice.reader)
    words = WORDS[locale]
    return page(
        locale,
        title=words["title"],
        heading=words["done"],
        text=words["after"].format(
            email=choice.reader.email,
            audience=_title(families, audience),
            cadence=words[cadence][0],
        ),
        links=[(app.tools.links.cadence_url(request.path_params["token"]), words["back"])],
    )


def _asked(
    request: Request,
    choice: CadenceChoice | None,
    audience: str,
    families: Sequence[Family],
    *,
    problem: int = 0,
) -> HTMLResponse:
    """The choices; `problem` is the status where something was posted that is none of them."""
    app: App = request.app.state.app
    locale = language(request, choice.reader if choice else None)
    words = WORDS[locale]
    if choice is None or not choice.is_reader or not choice.offered:
        why = "stranger" if choice is None else "none" if choice.is_reader else "why"
        email = choice.reader.email if choice else ""
        text = words[why].format(email=email, audience=app.workspace.audience_title(audience))
        return page(locale, title=words["title"], heading=words["left"], text=text)
    token = app.tools.links.unsubscribe_token(choice.reader.public_id, audience)
    leave = app.tools.links.unsubscribe_url(token)
    return page(
        locale,
        title=words["title"],
        heading=words["ask"].format(audience=_title(families, audience)),
        text=words["to"].format(email=choice.reader.email),
        button=words["button"],
        legend=words["legend"],
        choices=[
            (
                cadence.value,
                words[cadence][0],
                f"{words[cadence][1]} ({words['now']})"
                if cadence is choice.present
                else words[cadence][1],
                cadence is choice.present,
            )
            for cadence in choice.offered
        ],
        problem=words["missing"] if problem else "",
        links=[(leave, words["leave"])],
        status_code=problem or 200,
    )


def _bearer(request: Request) -> tuple[Subscriber | None, str]:
    """Whose link it is, and the audience that it is about."""
    app: App = request.app.state.app
    bearer = app.tools.links.read_cadence(request.path_params["token"])
    return find_reader(bearer, store=app.store), bearer.audience


def _title(families: Sequence[Family], audience: str) -> str:
    """What the choice is about: not the audience's campaigns that come in one way only."""
    return ", ".join(dict.fromkeys(family.title for family in families)) or audience
