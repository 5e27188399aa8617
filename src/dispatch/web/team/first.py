"""The first owner: whoever reads the code that the service printed."""

from starlette.responses import Response

from dispatch.errors import Conflict
from dispatch.pipeline.team.tries import Wrong
from dispatch.web.team.arrival import let_in, new_browser
from dispatch.web.team.newcomers import read_email, read_newcomer
from dispatch.web.team.sign_in import MOST, refused
from dispatch.web.team.visit import Visit


def show(visit: Visit) -> Response:
    """The form, as long as there is nobody."""
    with visit.app.store.read() as tx:
        if not tx.persons.is_empty():
            return visit.to("/sign-in")
    return visit.page("first.html", given={})


def join(visit: Visit) -> Response:
    """Become the owner."""
    code = visit.form("code")[:MOST]
    email, wrong_email = read_email(visit)
    newcomer, errors = read_newcomer(visit, email)
    errors |= wrong_email
    if not code:
        errors["code"] = visit.words("errors.required")
    given = {name: visit.form(name) for name in ("code", "name", "email", "handle")}
    if errors:
        return visit.wrong("first.html", errors, given=given)
    browser, token = new_browser(visit)
    try:
        came = visit.app.signing_in.join_as_first_owner(code, newcomer, browser)
    except Conflict:
        return visit.to("/sign-in", said="has_owner")
    if isinstance(came, Wrong):
        return refused(visit, came, "first.html", "sign_in.wrong_code", "code", given=given)
    return let_in(visit, token, said="first_owner")
