"""What the tests of the pages share: a workspace with its readers, and a browser of a kind."""

import pytest
from starlette.testclient import TestClient

from app_stage import opened, workspace_in
from dispatch.web.routes import new_web


@pytest.fixture
def folder(tmp_path, migrated_sqlite):
    return workspace_in(tmp_path / "letters", migrated_sqlite)


@pytest.fixture
def app(folder, clock):
    with opened(folder, clock) as app:
        list(app.people.import_files())
        yield app


@pytest.fixture
def browser(app):
    with TestClient(new_web(app)) as browser:
        yield browser
