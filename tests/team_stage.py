"""What the tests of the team's pages share: people with roles, and a browser that has signed in."""

from contextlib import contextmanager

from starlette.applications import Starlette
from starlette.testclient import TestClient

from dispatch.app import App
from dispatch.model.team.role import Role
from dispatch.signing import mark_of
from dispatch.web.routes import new_web
from dispatch.web.team.cookie import PLAIN, SECURE

SAME = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form on a page of ours."""

TOKEN = "token-of-"


def join(app: App, handle: str, *roles: Role, name: str = "", locale: str = "en") -> None:
    """Somebody of the team, who has signed in with a browser of their own."""
    with app.store.begin() as tx:
        person = tx.persons.add(
            handle=handle,
            name=name or handle.title(),
            email=f"{handle}@atelier.example",
            roles=roles or (Role.OWNER,),
            now=app.clock(),
            locale=locale,
        )
        tx.sessions.begin(
            mark_of(TOKEN + handle), person, device="Firefox on Linux", network="", now=app.clock()
        )


@contextmanager
def signed_in(app: App, handle: str, web: Starlette | None = None):
    """Their browser, which posts as one does and follows no redirect by itself."""
    with TestClient(web or new_web(app), headers=SAME, follow_redirects=False) as browser:
        for cookie in (SECURE, PLAIN):
            browser.cookies.set(cookie, TOKEN + handle)
        yield browser
