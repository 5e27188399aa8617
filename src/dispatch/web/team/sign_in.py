"""Signing in and out: password first, then the code of an app where somebody has one."""

from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from dispatch.model.team.passes import VALID_FOR, Purpose
from dispatch.pipeline.team.tries import Wrong
from dispatch.web.team import cookie
from dispatch.web.team.arrival import let_in, new_browser, wanted
from dispatch.web.team.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.pipeline.team.sign_in import SignedIn

MOST = 1_000
"""Characters of a field that are looked at: more than any address or password has."""


def show(visit: Visit) -> Response:
    """The page where everybody begins; with nobody in the team, where the first owner does."""
    if visit.session is not None:
        return visit.to(wanted(visit))
    with visit.app.store.read() as tx:
        if tx.persons.is_empty():
            return visit.to("/first")
    return visit.page("sign_in.html", email="", **_values(visit))


def enter(visit: Visit) -> Response:
    """Try an address and a password."""
    email, password = visit.form("email")[:MOST], visit.form.raw("password")[:MOST]
    missing = {"email": email, "password": password}
    if empty := {
        name: visit.words("errors.required") for name, said in missing.items() if not said
    }:
        return visit.wrong("sign_in.html", empty, email=email, **_values(visit))
    browser, token = new_browser(visit)
    came = visit.app.signing_in.by_password(email, password, browser)
    if isinstance(came, Wrong):
        said = _values(visit) | {"email": email}
        return refused(visit, came, "sign_in.html", "sign_in.wrong", **said)
    return go_on(visit, came, token)


def _values(visit: Visit) -> dict[str, Any]:
    service = visit.app.workspace.sign_in.service
    return {"service": service.name if service else ""}


def go_on(visit: Visit, came: "SignedIn", token: str, *, said: str = "") -> Response:
    """In, or to the page that asks for the code of their app."""
    if not came.needs_code:
        return let_in(visit, token, said=said)
    query = visit.request.url.query
    answer = visit.to(f"/sign-in/code?{query}" if query else "/sign-in/code")
    seconds = int(VALID_FOR[Purpose.CODE].total_seconds())
    cookie.give(visit.request, answer, token, cookie.CODE, seconds=seconds)
    return answer


def leave(visit: Visit) -> Response:
    """Sign out, signed in or not."""
    if visit.session is not None:
        visit.app.signing_in.out(visit.session)
    answer = visit.to("/sign-in", said="signed_out")
    cookie.take_back(visit.request, answer)
    return answer


def refused(
    visit: Visit, came: Wrong, template: str, wrong: str, field: str = "form", **values: object
) -> Response:
    """The same page again: how many tries are left (422), or how long the pause is (429)."""
    words = visit.words
    if came.pause is None:
        left = words("sign_in.tries_left", count=came.left)
        return visit.wrong(template, {field: f"{words(wrong)} {left}"}, **values)
    minutes = ceil(came.pause.total_seconds() / 60)
    errors: Mapping[str, str] = {field: words("sign_in.paused", count=minutes)}
    return visit.page(
        template,
        status_code=HTTPStatus.TOO_MANY_REQUESTS,
        headers={"Retry-After": str(ceil(came.pause.total_seconds()))},
        errors=errors,
        **values,
    )
