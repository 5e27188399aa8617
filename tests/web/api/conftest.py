"""A furnished workspace, and a program that may do all: for tests that share what they change."""

import pytest

from api_stage import calling
from app_stage import opened, workspace_in
from desk_stage import new_desk
from dispatch.model.team.role import Role
from dispatch.testing.clock import FakeClock
from dispatch.web.routes import new_web
from team_house import furnish, people_of_all_roles


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated_sqlite):
    """An app in which a team has worked for a while, its web application, and ids of editions."""
    clock = FakeClock()
    folder = workspace_in(tmp_path_factory.mktemp("house") / "letters", migrated_sqlite)
    with opened(folder, clock) as app:
        people_of_all_roles(app)
        yield app, new_web(app), furnish(app, clock)


@pytest.fixture
def owner(house):
    app, web, _ = house
    with calling(app, Role.OWNER, handle="jean", web=web) as api:
        yield api


@pytest.fixture
def ids(house):
    return house[2]


@pytest.fixture
def desk(monkeypatch):
    """Some operations instead of the real ones."""
    return new_desk(monkeypatch)
