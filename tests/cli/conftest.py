"""What the tests of the command line share: a workspace as `dispatch init` makes it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog

from app_stage import copied_workspace, workspace_in
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


@pytest.fixture(scope="session")
def beginnings() -> dict[Callable[[DispatchCommand], Any], tuple[Path, Any]]:
    """How new workspaces look after what tests have begun with, and what that gave."""
    return {}


@pytest.fixture
def begin_with(dispatch, workspace, beginnings, tmp_path_factory):
    """Does something with the new workspace, or takes what the same has made of another."""
    begun: list[Callable[[DispatchCommand], Any]] = []

    def begin_with(begin: Callable[[DispatchCommand], Any]) -> Any:
        assert not begun, "a workspace has one beginning: others would begin with both"
        begun.append(begin)
        if begin not in beginnings:
            gives = begin(dispatch)
            kept = tmp_path_factory.mktemp("beginning") / "letters"
            beginnings[begin] = copied_workspace(workspace, kept), gives
            return gives
        kept, gives = beginnings[begin]
        shutil.rmtree(workspace)
        copied_workspace(kept, workspace)
        return gives

    return begin_with


def _run_weekly(dispatch: DispatchCommand) -> None:
    dispatch("run", "weekly")


@pytest.fixture
def weekly_is_out(begin_with) -> None:
    """`weekly` has run once: 16 readers have their digest."""
    begin_with(_run_weekly)


def _run_bulletin(dispatch: DispatchCommand) -> str:
    [edition_id] = dispatch("run", "bulletin", "--json").json["waiting_for_approval"]
    return edition_id


@pytest.fixture
def waiting(begin_with) -> str:
    """The id of an edition of `bulletin` that waits for approval."""
    return begin_with(_run_bulletin)


@pytest.fixture
def server(monkeypatch):
    """A web server whose feeds may be polled, although it is on this machine."""
    monkeypatch.setenv("DISPATCH_PRIVATE_NETWORKS", "127.0.0.1")
    with FeedServer().running() as server:
        yield server
