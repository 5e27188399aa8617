"""Confirming: a page with one button; looking at it changes nothing (P8)."""

from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dispatch.errors import NotFound
from dispatch.model.people.sign_up import SignUp, SignUpState
from dispatch.pipeline.messages.tokens import Bearer
from dispatch.pipeline.people.confirm_sign_up import (
    Confirmation,
    confirm_sign_up,
    show_sign_up,
)
from dispatch.pipeline.people.suppress import ask_to_lift
from dispatch.web.chooser import choices_path
from dispatch.web.form import read_form
from dispatch.web.page import leaf, words_for
from dispatch.web.public.left import way_to_choose
from dispatch.web.public.problems import gone

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.web.turns import Turns
    from dispatch.words.catalogues import Words

TEAM = "team"
"""What the button posts as `ask` by which the team is asked to lift a suppression."""


def ask(request: Request) -> Response:
    """The button, or what has become of the sign-up; however often it is looked at."""
    app: App = request.app.state.app
    try:
        found = show_sign_up(_bearer(request), store=app.store, clock=app.clock)
    except NotFound:
        return _over(request, _bearer(request).audience)
    return _page(request, found, again=True)


async def confirm(request: Request) -> Response:
    """Make them a reader; a second time changes nothing. What is posted with it needs no reading.

    The same page's other button asks the team.
    """
    bearer = _bearer(request)  # before anything of it is read
    wanted = ""
    with suppress(HTTPException):
        wanted = (await read_form(request)).get("ask", "")
    turns: Turns = request.app.state.turns
    return await turns.take(_confirmed, request, bearer, wanted)


def _confirmed(request: Request, bearer: Bearer, wanted: str) -> Response:
    app: App = request.app.state.app
    workspace = app.workspace

    def welcome_of(sign_up: SignUp) -> str:
        form = workspace.forms.get(sign_up.form)
        return workspace.welcome_of(form, sign_up.profile.cadence) if form else ""

    try:
        before = show_sign_up(bearer, store=app.store, clock=app.clock)
        if wanted == TEAM and before.suppressed:
            ask_to_lift(
                before.sign_up.email,
                store=app.store,
                clock=app.clock,
                source=f"form {before.sign_up.form}",
            )
            return _page(request, show_sign_up(bearer, store=app.store, clock=app.clock))
        found = confirm_sign_up(
            bearer,
            welcome_of=welcome_of,
            store=app.store,
            clock=app.clock,
            ids=app.tools.new_id,
            endings=app.tools.endings,
        )
    except NotFound:
        return _over(request, bearer.audience)
    return _page(request, found, again=before.state is SignUpState.CONFIRMED)


def _page(request: Request, found: Confirmation, *, again: bool = False) -> Response:
    app: App = request.app.state.app
    sign_up, workspace = found.sign_up, app.workspace
    if found.state is SignUpState.OVER:
        return _over(request, sign_up.form)
    words = words_for(request, found.reader)
    audience = ", ".join(dict.fromkeys(map(workspace.audience_title, sign_up.audiences)))
    if found.state is SignUpState.OPEN:
        return leaf(
            request, "confirm.html", words, sign_up=sign_up, audience=audience, form=sign_up.form
        )
    if found.ended or found.reader is None:
        text = words("confirm.ended_text", email=sign_up.email, audience=audience)
        return _over(request, sign_up.form, heading=words("confirm.ended"), text=text)
    # Who has just pressed the button has that mailbox; later the link may be in other hands.
    way = way_to_choose if again else choices_path
    return leaf(
        request,
        "confirmed.html",
        words,
        reader=found.reader,
        sign_up=sign_up,
        audience=audience,
        again=again,
        preferences=way(app, found.reader),
        suppressed=found.suppressed,
        asked=found.asked,
        welcome=found.welcomed,
    )


def _over(request: Request, form: str, *, heading: str = "", text: str = "") -> Response:
    """410, with the way to the form while there is one; it says what has ended, or is too late."""
    app: App = request.app.state.app
    words: Words = words_for(request)
    known = form if form in app.workspace.forms else ""
    heading = heading or words("confirm.over")
    text = text or words("confirm.over_advice")
    return gone(request, heading, text, form=known)


def _bearer(request: Request) -> Bearer:
    app: App = request.app.state.app
    return app.tools.links.read_confirm(request.path_params["token"])
