"""What somebody wrote into a form that could not be taken: shown again, to be copied."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.routing import Match, Route

if TYPE_CHECKING:
    from dispatch.web.team.visit import Visit

BEFORE = ("was", "seen", "fingerprint")
"""How fields begin that say what a form was made from: nobody has typed them."""

OWN = ("/account", "/sign-in", "/first", "/reset", "/invitations")
"""Forms with passwords: these are not shown again, whatever else is."""


def typed_in(visit: "Visit") -> list[str]:
    """Texts of what was posted that took effort: of several words, and not as they were before."""
    path = visit.request.url.path.removeprefix(visit.base)
    if visit.request.method != "POST" or path.startswith(OWN):
        return []
    form = visit.form
    return [
        form.raw(name)
        for name in form
        if not name.startswith(BEFORE)
        and " " in form(name)
        and form.raw(f"was-{name}").strip() != form(name)
    ]


def came_from(visit: "Visit") -> str:
    """The page of ours with the form; empty where the browser does not say, or it is none."""
    url = urlsplit(visit.request.headers.get("referer", ""))
    if visit.request.method != "POST" or not f"{url.path}/".startswith(f"{visit.base}/"):
        return ""
    asked = {"type": "http", "method": "GET", "path": url.path, "root_path": ""}
    routes = (one for one in visit.request.app.router.routes if isinstance(one, Route))
    found = next((one for one in routes if one.matches(asked)[0] is Match.FULL), None)
    if found is None or found.path.endswith("{rest:path}"):
        return ""
    return f"{url.path}?{url.query}" if url.query else url.path
