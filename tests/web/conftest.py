"""What the tests of the pages share: a workspace with its readers, and a browser of a kind."""

from functools import cache

import pytest
from starlette import routing
from starlette.testclient import TestClient

from app_stage import copied_workspace, opened, workspace_in
from dispatch.testing.clock import FakeClock
from dispatch.web import routes
from dispatch.web.routes import new_web
from team_house import House, furnish


@pytest.fixture(scope="session", autouse=True)
def _what_all_applications_share_is_made_once():
    """The product has one; tests have a thousand with the same paths and files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(routing, "compile_path", cache(routing.compile_path))
        patch.setattr(routes, "Statics", cache(routes.Statics))
        patch.setattr(routes, "team_routes", cache(routes.team_routes))
        yield


@pytest.fixture(scope="session")
def read_in(tmp_path_factory, migrated_sqlite):
    """A new workspace whose readers have come in, to be copied."""
    folder = workspace_in(tmp_path_factory.mktemp("read_in") / "letters", migrated_sqlite)
    with opened(folder, FakeClock()) as app:
        list(app.people.import_files())
    return folder


@pytest.fixture(scope="session")
def furnished(tmp_path_factory, migrated_sqlite):
    """A workspace in which a team has worked for a while, to be had again: it takes a second."""
    folder = workspace_in(tmp_path_factory.mktemp("furnished") / "letters", migrated_sqlite)
    clock = FakeClock()
    with opened(folder, clock) as app:
        ids = furnish(app, clock)
    return House(folder, clock, ids)


@pytest.fixture
def folder(tmp_path, read_in):
    return copied_workspace(read_in, tmp_path / "letters")


@pytest.fixture
def app(folder, clock):
    with opened(folder, clock) as app:
        yield app


@pytest.fixture
def browser(app):
    with TestClient(new_web(app)) as browser:
        yield browser


@pytest.fixture(scope="module")
def onlooker(tmp_path_factory, read_in):
    """A browser for the tests of a file that change nothing, on one workspace for all of them."""
    folder = copied_workspace(read_in, tmp_path_factory.mktemp("looked_at") / "letters")
    with opened(folder, FakeClock()) as app, TestClient(new_web(app)) as browser:
        yield browser
