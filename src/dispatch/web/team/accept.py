"""Somebody who was invited joins, by the link in the mail."""

from typing import Any

from starlette.responses import Response

from dispatch.errors import Conflict, LinkOver
from dispatch.model.team.invitation import Invitation
from dispatch.signing import mark_of
from dispatch.web.team import problems
from dispatch.web.team.arrival import let_in, new_browser
from dispatch.web.team.newcomers import read_newcomer
from dispatch.web.team.visit import Visit


def show(visit: Visit) -> Response:
    """Who invites them, to what, and what is to be filled in."""
    visit.session = None  # whoever has signed in here before: the link says who is meant
    try:
        invitation = _invitation(visit)
    except LinkOver as error:
        return problems.over(visit, error, visit.words("sign_in.invitation_over"))
    given = {"name": invitation.name, "handle": _handle_for(invitation.email)}
    return visit.page("accept.html", **_about(visit, invitation), given=given)


def join(visit: Visit) -> Response:
    """Join, and sign in."""
    visit.session = None
    try:
        return _join(visit, _invitation(visit))
    except LinkOver as error:
        return problems.over(visit, error, visit.words("sign_in.invitation_over"))


def _join(visit: Visit, invitation: Invitation) -> Response:
    newcomer, errors = read_newcomer(visit, invitation.email)
    browser, token = new_browser(visit)
    if not errors:
        try:
            visit.app.signing_in.accept(mark_of(visit.part("token")), newcomer, browser)
        except Conflict:
            errors["handle"] = visit.words("sign_in.taken_handle")
    if errors:
        given = {name: visit.form(name) for name in ("name", "handle")}
        return visit.wrong("accept.html", errors, **_about(visit, invitation), given=given)
    return let_in(visit, token, said="joined")


def _invitation(visit: Visit) -> Invitation:
    return visit.app.signing_in.invitation(mark_of(visit.part("token")))


def _about(visit: Visit, invitation: Invitation) -> dict[str, Any]:
    with visit.app.store.read() as tx:
        by = tx.persons.find(invitation.by)
    service = visit.app.workspace.sign_in.service
    name = service.name if service else ""
    return {
        "invitation": invitation,
        "service": name,
        "who": (by.name or by.handle) if by else invitation.by,
    }


def _handle_for(email: str) -> str:
    """What they may be called, as their address says."""
    local = email.partition("@")[0].partition("+")[0].lower()
    return "".join(letter for letter in local if letter.isascii() and letter.isalnum())[:40]
