"""What stands before each page of the team: where a form comes from, who asks, what they may."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dispatch.errors import (
    Conflict,
    DispatchError,
    LinkOver,
    NotFound,
    StoreUnavailable,
    TooBusy,
)
from dispatch.model.team.person import Session
from dispatch.origin import coming_from
from dispatch.pipeline.team.factor import is_there
from dispatch.signing import mark_of
from dispatch.web.limits import FILE_SECONDS, PATIENCE
from dispatch.web.network import address_of, network_of
from dispatch.web.team import problems
from dispatch.web.team.cookie import token_in
from dispatch.web.team.form import read_form
from dispatch.web.team.frame import HEADERS
from dispatch.web.team.place import FORM_BYTES, Place
from dispatch.web.team.rescued import typed_in
from dispatch.web.team.same_origin import is_ours
from dispatch.web.team.visit import Visit
from dispatch.words.catalogues import Words, team_words_in

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.web.turns import Turns

SEEN_EVERY = timedelta(minutes=10)
"""How often it is noted that a session is in use: a page that is looked at changes nothing."""

_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")
_NAMES = {"Edg": "Edge", "OPR": "Opera", "Mac OS X": "macOS"}

_PROBLEMS: tuple[tuple[type[DispatchError], Callable[[Visit, Any], Response]], ...] = (
    (StoreUnavailable, problems.away),
    (TooBusy, problems.busy),
    (NotFound, problems.not_found),
    (LinkOver, problems.over),
    (Conflict, problems.conflict),
    (DispatchError, problems.bad),
)
"""How each is told; the first that fits."""

Endpoint = Callable[[Request], Awaitable[Response]]


def guarded(place: Place) -> Endpoint:
    """The endpoint of a place."""

    async def endpoint(request: Request) -> Response:
        try:
            session = await run_in_threadpool(session_of, request)
        except StoreUnavailable as error:
            return problems.away(passing(request), error)
        visit = passing(request, session)
        try:
            answer = await _refused(place, visit) or await _answer(place, visit)
        finally:
            visit.form.close()
        for name, value in HEADERS.items():  # files and redirects, too; a page may say otherwise
            answer.headers.setdefault(name, value)
        return answer

    endpoint.__name__ = getattr(place.handler, "__name__", "page")
    endpoint.__qualname__ = endpoint.__name__
    endpoint.__module__ = place.handler.__module__
    return endpoint


async def _refused(place: Place, visit: Visit) -> Response | None:
    """What is answered instead of the page; None: they may, and the form was read."""
    request, session = visit.request, visit.session
    if place.method == "POST" and not is_ours(request):
        return problems.foreign(visit)
    if place.right is not None:
        if session is None:
            return await _signed_out(place, visit)
        if not session.person.may(place.right):
            return await run_in_threadpool(problems.forbidden, visit, place.right)
        if lacks_factor(visit) and not place.path.startswith("/account"):
            return visit.to("/account/factor")
        if visit.now - session.last_seen > SEEN_EVERY:
            await _turns(request).take(_note_seen, visit.app, session, visit)
    if place.method == "POST":
        if place.most_bytes > FORM_BYTES:
            request.scope[PATIENCE] = FILE_SECONDS
        return await _read(visit, place.most_bytes)
    return None


async def _read(visit: Visit, most: int) -> Response | None:
    try:
        visit.form = await read_form(visit.request, most=most)
    except HTTPException as error:
        return problems.unreadable(visit, error, most)
    return None


async def _signed_out(place: Place, visit: Visit) -> Response:
    """To sign in; who has written something is shown it first, as it would be lost with that."""
    if place.method == "POST":
        await _read(visit, FORM_BYTES)  # of a form that may bring a file, if it brings none
        if typed_in(visit):
            return problems.signed_out(visit)
    return _to_sign_in(visit.request, visit)


async def _answer(place: Place, visit: Visit) -> Response:
    with coming_from(where(visit.request)):
        try:
            if place.method == "POST" and not place.slow:
                return await _turns(visit.request).take(place.handler, visit)
            return await run_in_threadpool(place.handler, visit)
        except DispatchError as error:
            answers = (answer for kind, answer in _PROBLEMS if isinstance(error, kind))
            return next(answers)(visit, error)


def lacks_factor(visit: Visit) -> bool:
    """Whether they are to set up an app before anything else, as the workspace asks for one."""
    person = visit.person
    asked = visit.app.workspace.sign_in.second_factor and is_there()
    return asked and person.has_password and not person.has_factor


def passing(request: Request, session: Session | None = None) -> Visit:
    """A visit of somebody, or of whom nothing is known."""
    app: App = request.app.state.app
    words = _words(request, session)
    return Visit(request=request, app=app, words=words, now=app.clock(), session=session)


def session_of(request: Request) -> Session | None:
    """Who has signed in with this browser; None where nobody has, or it has ended."""
    token = token_in(request)
    if not token:
        return None
    app: App = request.app.state.app
    with app.store.read() as tx:
        return tx.sessions.find(mark_of(token), now=app.clock())


def where(request: Request) -> str:
    """From where somebody asks, for the audit log and the list of sessions: network, device."""
    app: App = request.app.state.app
    network = network_of(address_of(request, app.tools.settings.proxies))
    return ", ".join(part for part in (network, device_of(request)) if part)


def device_of(request: Request) -> str:
    """A browser in words: `Firefox on Linux`; empty where it says nothing that we know.

    >>> from starlette.requests import Request
    >>> head = [(b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0")]
    >>> device_of(Request({"type": "http", "headers": head}))
    'Firefox on Linux'
    """
    agent = request.headers.get("user-agent", "")
    browser = next((name for name in _BROWSERS if re.search(rf"\b{name}", agent)), "")
    system = next((name for name in _SYSTEMS if name in agent), "")
    names = [_NAMES.get(name, name) for name in (browser, system) if name]
    return " on ".join(names)


def _words(request: Request, session: Session | None) -> Words:
    if session is not None and session.person.locale:
        return team_words_in(session.person.locale)
    asked = request.query_params.get("lang", "")
    accepted = request.headers.get("accept-language", "")
    tags = [asked, *(part.partition(";")[0].strip() for part in accepted.split(",")[:20])]
    return team_words_in(*[tag for tag in tags if re.fullmatch(r"[A-Za-z0-9-]{1,35}", tag)])


def _to_sign_in(request: Request, visit: Visit) -> Response:
    path = request.url.path
    query = request.url.query
    wanted = f"{path}?{query}" if query else path
    onward = f"?next={quote(wanted)}" if request.method == "GET" else ""
    return RedirectResponse(f"{visit.base}/sign-in{onward}", status_code=HTTPStatus.SEE_OTHER)


def _note_seen(app: "App", session: Session, visit: Visit) -> None:
    with app.store.begin() as tx:
        tx.sessions.seen(session, now=visit.now)


def _turns(request: Request) -> "Turns":
    turns: Turns = request.app.state.turns
    return turns
