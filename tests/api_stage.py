"""What the tests of the API share: a program with a token, in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.applications import Starlette
from starlette.testclient import TestClient

from dispatch.app import App
from dispatch.model.team.role import Role
from dispatch.web.routes import new_web
from team_stage import join

API = "/api/v1"


def token_of(app: App, handle: str, *roles: Role, name: str = "museum screen") -> str:
    """A token of somebody of the team, with some of their roles, or all that they have."""
    with app.store.read() as tx:
        theirs = tx.persons.get(handle).roles
    return app.team.make_api_token(name, roles=roles or theirs, days=90, of=handle, by=handle)[1]


@contextmanager
def calling(
    app: App, *roles: Role, handle: str = "ada", web: Starlette | None = None
) -> Iterator[TestClient]:
    """A program whose token has these roles, in the name of somebody who joins with them.

    Its addresses begin behind /api/v1: `with calling(app, Role.EDITOR) as api: api.get("/me")`.
    """
    with app.store.read() as tx:
        known = any(person.handle == handle for person in tx.persons.all())
    if not known:
        join(app, handle, *roles)
    token = token_of(app, handle, *roles)
    headers = {"Authorization": f"Bearer {token}"}
    with TestClient(
        web or new_web(app), base_url=f"http://testserver{API}", headers=headers
    ) as program:
        yield program
