"""A workspace whose channel `plaza` is let in by a little network."""

import pytest

from access_stage import furnished, opened_with
from app_stage import workspace_in
from little_network import LittleNetwork


@pytest.fixture
def network():
    return LittleNetwork()


@pytest.fixture
def folder(tmp_path, migrated_sqlite, monkeypatch):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    return furnished(folder, tmp_path, monkeypatch)


@pytest.fixture
def app(folder, clock, network):
    with opened_with(folder, clock, network) as app:
        yield app


@pytest.fixture
def kept(app):
    """What the database has of a channel."""

    def kept(name="plaza"):
        with app.store.read() as tx:
            return tx.tokens.get(name)

    return kept
