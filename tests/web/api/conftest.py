"""A furnished workspace, and a program that may do all: for tests that share what they change."""

import pytest

from api_stage import calling
from desk_stage import new_desk
from dispatch.model.team.role import Role
from dispatch.web.routes import new_web
from team_house import people_of_all_roles


@pytest.fixture(scope="module")
def house(tmp_path_factory, furnished):
    """An app in which a team has worked for a while, its web application, and ids of editions."""
    with furnished.again(tmp_path_factory.mktemp("house") / "letters") as (app, _, ids):
        people_of_all_roles(app)
        yield app, new_web(app), ids


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
