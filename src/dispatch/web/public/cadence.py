"""How often: a page where a reader chooses, with one button."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.campaigns.cadence import Cadence, Family, read_cadence
from dispatch.model.people.subscriber import Subscriber
from dispatch.pipeline.people.choose_cadence import CadenceChoice, choose_cadence, show_choice
from dispatch.pipeline.people.find_reader import find_reader
from dispatch.web.form import read_form
from dispatch.web.page import leaf, words_for
from dispatch.words.catalogues import Words

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.web.turns import Turns


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
    words = words_for(request, choice.reader)
    again = app.tools.links.cadence_url(request.path_params["token"])
    return leaf(
        request,
        "said.html",
        words,
        title=words("cadence.title"),
        heading=words("cadence.done"),
        text=words(
            "cadence.after",
            email=choice.reader.email,
            audience=_title(families, audience),
            cadence=_said(words)[cadence],
        ),
        links=[(again, words("cadence.again"))],
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
    words = words_for(request, choice.reader if choice else None)
    if choice is None or not choice.is_reader or not choice.offered:
        why = _why_nothing(choice, app.workspace.audience_title(audience), words)
        title, heading = words("cadence.title"), words("cadence.nothing")
        return leaf(request, "said.html", words, title=title, heading=heading, text=why, links=())
    token = app.tools.links.unsubscribe_token(choice.reader.public_id, audience)
    return leaf(
        request,
        "cadence.html",
        words,
        reader=choice.reader,
        audience=_title(families, audience),
        choices=list(_choices(choice, words)),
        leave=app.tools.links.unsubscribe_url(token),
        problem=bool(problem),
        status_code=problem or 200,
    )


def _why_nothing(choice: CadenceChoice | None, audience: str, words: Words) -> str:
    if choice is None:
        return words("cadence.nobody")
    if choice.is_reader:
        return words("cadence.one_way", audience=audience)
    return words("cadence.no_reader", email=choice.reader.email, audience=audience)


def _choices(choice: CadenceChoice, words: Words) -> Iterator[tuple[str, str, str, bool]]:
    labels, hints = _labels(words), _hints(words)
    for cadence in choice.offered:
        hint, present = hints[cadence], cadence is choice.present
        shown = words("cadence.now", hint=hint) if present else hint
        yield cadence.value, labels[cadence], shown, present


def _labels(words: Words) -> dict[Cadence, str]:
    return {
        Cadence.EACH_POST: words("cadence.each_post"),
        Cadence.DAILY: words("cadence.daily"),
        Cadence.WEEKLY: words("cadence.weekly"),
        Cadence.MONTHLY: words("cadence.monthly"),
    }


def _said(words: Words) -> dict[Cadence, str]:
    return {
        Cadence.EACH_POST: words("cadence.said_each_post"),
        Cadence.DAILY: words("cadence.said_daily"),
        Cadence.WEEKLY: words("cadence.said_weekly"),
        Cadence.MONTHLY: words("cadence.said_monthly"),
    }


def _hints(words: Words) -> dict[Cadence, str]:
    return {
        Cadence.EACH_POST: words("cadence.each_post_hint"),
        Cadence.DAILY: words("cadence.daily_hint"),
        Cadence.WEEKLY: words("cadence.weekly_hint"),
        Cadence.MONTHLY: words("cadence.monthly_hint"),
    }


def _bearer(request: Request) -> tuple[Subscriber | None, str]:
    """Whose link it is, and the audience that it is about."""
    app: App = request.app.state.app
    bearer = app.tools.links.read_cadence(request.path_params["token"])
    return find_reader(bearer, store=app.store), bearer.audience


def _title(families: Sequence[Family], audience: str) -> str:
    """What the choice is about: not the audience's campaigns that come in one way only."""
    return ", ".join(dict.fromkeys(family.title for family in families)) or audience
