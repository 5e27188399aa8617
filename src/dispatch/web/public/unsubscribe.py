"""Leaving: a page with a button, and the one click that mail programs send (RFC 8058)."""

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dispatch.errors import LinkOver
from dispatch.model.people.reason import Reason
from dispatch.model.people.subscriber import NOBODY, Subscriber
from dispatch.pipeline.messages.tokens import Bearer
from dispatch.pipeline.people.find_reader import find_reader
from dispatch.pipeline.people.leave import BY_LINK, Left, just_left, leave, undo_leaving
from dispatch.pipeline.people.limit_marks import LimitMarks
from dispatch.pipeline.people.say_why import say_why
from dispatch.pipeline.people.show_preferences import Choosable, show_preferences
from dispatch.pipeline.people.subscribe import end_unknown_subscription
from dispatch.web.form import read_body, read_form
from dispatch.web.limits import FORM_BYTES
from dispatch.web.page import PRIVATE, leaf, words_for
from dispatch.web.public.left import is_kept_back, joined, left_page, read, way_to_choose
from dispatch.words.catalogues import Words

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.web.turns import Turns

_ONE_CLICK = re.compile(rb"List-Unsubscribe\b[^\w]{1,40}One-Click\b", re.IGNORECASE)
"""In whichever of the two forms that RFC 8058 allows it is posted (3.1)."""

ALL = "all"


def ask(request: Request) -> Response:
    """A page with a button; looking at it changes nothing, as mail scanners look too (P8)."""
    app: App = request.app.state.app
    bearer = app.tools.links.read_unsubscribe(request.path_params["token"])
    reader = find_reader(bearer, store=app.store)
    words = words_for(request, reader)
    theirs = _theirs(app, reader)
    return leaf(
        request,
        "unsubscribe.html",
        words,
        reader=reader,
        audience=app.workspace.audience_title(bearer.audience),
        everything=[one.title for one in theirs] if len(theirs) > 1 else [],
        is_here=reader is None or any(one.audience == bearer.audience for one in theirs),
        rather=way_to_choose(app, reader) if reader else "",
    )


async def unsubscribe(request: Request) -> Response:
    """End the subscription that the link is for, or all; a second time changes nothing.

    The click is in the address: what is posted with it only tells a mail program from a page, and
    one audience from all. Whatever else it says, this one ends.
    """
    app: App = request.app.state.app
    bearer = app.tools.links.read_unsubscribe(request.path_params["token"])
    try:
        body = await read_body(request, most=FORM_BYTES)
    except HTTPException:
        body = b""
    one_click = _ONE_CLICK.search(body) is not None
    said = parse_qs(body.decode(errors="replace"), max_num_fields=None)
    everything = said.get("what", [""])[-1] == ALL
    turns: Turns = request.app.state.turns
    return await turns.share(_ended, request, bearer, everything=everything, one_click=one_click)


async def undo(request: Request) -> Response:
    """Take back what the page says was ended, while it is open."""
    app: App = request.app.state.app
    app.tools.links.read_unsubscribe(request.path_params["token"])
    token = (await read_form(request)).get("undo", "")
    turns: Turns = request.app.state.turns
    return await turns.take(_undone, request, token)


async def why(request: Request) -> Response:
    """Count why somebody left; who says nothing is not asked again."""
    app: App = request.app.state.app
    app.tools.links.read_unsubscribe(request.path_params["token"])
    form = await read_form(request)
    turns: Turns = request.app.state.turns
    return await turns.take(
        _told_why, request, form.get("undo", ""), form.get("why", ""), form.get("remark", "")
    )


def _ended(request: Request, bearer: Bearer, *, everything: bool, one_click: bool) -> Response:
    app: App = request.app.state.app
    reader = find_reader(bearer, store=app.store)
    if reader is None:
        answer = _unknown(request, bearer)
        return _clicked(answer.status_code) if one_click else answer
    theirs = [one.audience for one in _theirs(app, reader)] if everything else []
    audiences = dict.fromkeys([bearer.audience, *theirs])
    left = leave(
        reader,
        audiences,
        source=BY_LINK,
        store=app.store,
        clock=app.clock,
        endings=app.tools.endings,
    )
    if one_click:
        return _clicked(200)
    left = left or just_left(reader, bearer.audience, store=app.store, clock=app.clock)
    return left_page(request, reader, left, audience=bearer.audience)


def _undone(request: Request, token: str) -> Response:
    app: App = request.app.state.app
    reader, left = _just_left(app, token)
    back = undo_leaving(reader, left, store=app.store, clock=app.clock, endings=app.tools.endings)
    words = words_for(request, reader)
    heading, text = words("left.stayed"), words("left.not_undone", email=reader.email)
    if back or _are_here(app, reader, left):
        titles = joined(back or list(left.audiences), app)
        heading = words("left.undone")
        text = words("left.undone_text", email=reader.email, audience=titles)
        if is_kept_back(app, reader):
            text = words("left.kept_back", email=reader.email)
    links = [(way_to_choose(app, reader), words("left.choices"))]
    return leaf(
        request,
        "said.html",
        words,
        title=words("unsubscribe.title"),
        heading=heading,
        text=text,
        links=links,
    )


def _told_why(request: Request, token: str, word: str, remark: str) -> Response:
    app: App = request.app.state.app
    reader, left = _just_left(app, token)
    reason = Reason.__members__.get(word.upper())
    if reason is None:
        return left_page(request, reader, left)
    marks = LimitMarks(app.settings.secret_keys, "why")
    say_why(
        reader,
        left,
        reason,
        remark,
        mark=marks.once(token),
        store=app.store,
        clock=app.clock,
    )
    return left_page(request, reader, left, thanks=True)


def _just_left(app: "App", token: str) -> tuple[Subscriber, Left]:
    bearer = app.tools.links.read_undo(token)
    reader = find_reader(bearer, store=app.store)
    if reader is None:
        raise LinkOver("undo: nobody's any more - sign up anew")
    return reader, read(bearer.audience)


def _are_here(app: "App", reader: Subscriber, left: Left) -> bool:
    """Whether they get all of it, as they pressed the button twice."""
    here = {one.audience for one in _theirs(app, reader)}
    return here.issuperset(left.audiences)


def _theirs(app: "App", reader: Subscriber | None) -> list[Choosable]:
    if reader is None:
        return []
    shown = show_preferences(reader.id, app.workspace, store=app.store, now=app.clock())
    return list(shown.theirs) if shown else []


def _clicked(status_code: int) -> Response:
    """For a mail program, which shows nothing of it."""
    text = "unsubscribed\n" if status_code == 200 else "not known here\n"
    return PlainTextResponse(text, status_code=status_code, headers=PRIVATE)


def _unknown(request: Request, bearer: Bearer) -> Response:
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
) -> Response:
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
