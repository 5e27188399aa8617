"""A workspace with channels to the little network, and hands on its clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app_stage import KEY as SECRET_KEY
from app_stage import opened
from dispatch.app import App
from dispatch.config.process.settings import load_settings
from dispatch.testing.clock import FakeClock
from little_network import KEY, SECRET, LittleNetwork, announce, move_in

REDIRECT = "http://127.0.0.1:8026/"


def furnished(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *names: str, **options: str
) -> Path:
    """The workspace with these channels to it."""
    site = tmp_path / "site"
    site.mkdir()
    announce(site, monkeypatch)
    move_in(folder, *(names or ("plaza",)), **options)
    return folder


@contextmanager
def opened_with(
    folder: Path, clock: FakeClock, network: LittleNetwork, key: str = KEY, **others: Any
) -> Iterator[App]:
    """It, opened; `key` is what its tokens are sealed with."""
    given = {"DISPATCH_SECRET_KEY": SECRET_KEY} | ({"DISPATCH_TOKEN_KEY": key} if key else {})
    tools = {"settings": load_settings(folder, given), "environ": {"PLAZA_SECRET": SECRET}}
    with opened(folder, clock, network, **(tools | others)) as app:
        yield app


def connect(app: App, network: LittleNetwork, name: str = "plaza") -> Any:
    """Somebody agrees that it may post: what the check says then."""
    way, address = app.channels.access.way(name, REDIRECT)
    return app.channels.access.arrive(way, network.authorize(address), by="jean")
