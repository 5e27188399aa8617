"""A workspace with a database, on both kinds."""

import pytest

from restore_stage import Workspace


@pytest.fixture
def workspace(database_url, clock, tmp_path):
    folder = tmp_path / "workspace"
    folder.mkdir()
    workspace = Workspace(database_url, clock, folder)
    yield workspace
    workspace.store.close()
