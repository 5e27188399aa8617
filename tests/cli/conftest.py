"""What the tests of the command line share: a workspace as `dispatch init` makes it."""

from pathlib import Path

import pytest
import structlog

from app_stage import workspace_in
from cli.dispatch_command import DispatchCommand
from feeds.feed_server import FeedServer


@pytest.fixture
def workspace(tmp_path: Path, migrated_sqlite: Path) -> Path:
    return workspace_in(tmp_path / "letters", migrated_sqlite)


@pytest.fixture
def dispatch(workspace, capsys, monkeypatch):
    """The command `dispatch`, called in this process on that workspace."""
    yield DispatchCommand(workspace, capsys, monkeypatch)
    structlog.reset_defaults()  # a run sets it up to write where this test's output went


@pytest.fixture
def server(monkeypatch):
    """A web server whose feeds may be polled, although it is on this machine."""
    monkeypatch.setenv("DISPATCH_PRIVATE_NETWORKS", "127.0.0.1")
    with FeedServer().running() as server:
        yield server
