"""A second factor: set up an app, get spare codes, do without; and its page of signing in."""

import io
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from dispatch.errors import Conflict, LinkOver
from dispatch.model.team.giving import may_give
from dispatch.model.team.role import Right
from dispatch.pipeline.team.factor import NO_EXTRA, is_there
from dispatch.pipeline.team.tries import Wrong
from dispatch.signing import mark_of
from dispatch.web.network import address_of, network_of
from dispatch.web.team import cookie, problems
from dispatch.web.team.account import wrong_password
from dispatch.web.team.arrival import let_in, new_browser
from dispatch.web.team.gate import lacks_factor
from dispatch.web.team.sign_in import MOST, refused
from dispatch.web.team.visit import Visit


def show(visit: Visit) -> Response:
    """The picture for an app that is being set up, or the button that begins it."""
    return visit.page("factor.html", **_values(visit))


def change(visit: Visit) -> Response:
    """Begin, confirm by a code, have new spare codes, or do without: as the button says."""
    form, signing_in = visit.form, visit.app.signing_in
    if not is_there():
        raise Conflict(NO_EXTRA)
    if form.has("begin"):
        signing_in.begin_factor(visit.person)
        return visit.to("/account/factor")
    if form.has("code"):
        return _confirm(visit)
    network = network_of(address_of(visit.request, visit.app.settings.proxies))
    password = form.raw("factor_password")[:MOST]
    if form.has("remove"):
        if visit.app.workspace.sign_in.second_factor:
            raise Conflict("second factor: schedules.yaml asks for one - ask an owner")
        wrong = signing_in.remove_factor(visit.person, password, network)
        if wrong is not None:
            return wrong_password(visit, wrong, "factor_password")
        return visit.to("/account", said="factor_removed")
    codes = signing_in.renew_spare_codes(visit.person, password, network)
    if isinstance(codes, Wrong):
        return wrong_password(visit, codes, "factor_password")
    return visit.page("spare_codes.html", here="account", codes=codes)


def remove_of(visit: Visit) -> Response:
    """The same for somebody who has lost app and codes; who does so vouches for them."""
    with visit.app.store.read() as tx:
        person = tx.persons.get(visit.part("id"))
    if not may_give(person.roles, rights=visit.person.rights):
        return problems.forbidden(visit, Right.OWN)
    visit.app.signing_in.remove_factor_of(person.handle, by=visit.by)
    return visit.to(f"/people/{person.handle}", said="factor_removed_of")


def ask(visit: Visit) -> Response:
    """The second page of signing in."""
    if not cookie.token_in(visit.request, cookie.CODE):
        return visit.to("/sign-in")
    return visit.page("code.html")


def check(visit: Visit) -> Response:
    """Try a code."""
    mark, code = mark_of(cookie.token_in(visit.request, cookie.CODE)), visit.form("code")[:MOST]
    browser, token = new_browser(visit)
    try:
        came = visit.app.signing_in.by_code(mark, code, browser)
    except LinkOver:
        query = visit.request.url.query
        return visit.to(f"/sign-in?{query}" if query else "/sign-in", said="code_over")
    if isinstance(came, Wrong):
        return refused(visit, came, "code.html", "sign_in.wrong_app_code")
    return let_in(visit, token)


def _confirm(visit: Visit) -> Response:
    if visit.session is None:
        raise Conflict("session: nobody is signed in - sign in")
    codes = visit.app.signing_in.confirm_factor(visit.session, visit.form("code")[:MOST])
    if not codes:
        error = {"code": visit.words("account.wrong_code")}
        return visit.wrong("factor.html", error, **_values(visit))
    return visit.page("spare_codes.html", here="account", codes=codes)


def _values(visit: Visit) -> dict[str, Any]:
    address = visit.app.signing_in.begun_factor(visit.person) if is_there() else ""
    secret = address.partition("secret=")[2].partition("&")[0]
    return {
        "here": "account",
        "picture": _picture(address, visit.words("account.picture")) if address else "",
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "address": address,
        "can_factor": is_there(),
        "asked_for": lacks_factor(visit),
    }


def _picture(address: str, title: str) -> Markup:
    """The address as a picture that a phone reads; black on white, whatever the theme."""
    import segno  # noqa: PLC0415 - an extra

    out = io.BytesIO()
    segno.make(address, error="m").save(
        out,
        kind="svg",
        scale=4,
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgns=False,
        title=title,
        nl=False,
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - made by segno, of our own address
