"""An App on a new workspace, with hands on its clock and its network."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher

from dispatch.app import App
from dispatch.app import open as opening
from dispatch.app.files import WorkspaceFiles
from dispatch.app.http_clients import HttpClient
from dispatch.app.tools import Tools
from dispatch.config.new_workspace import new_workspace
from dispatch.config.process.settings import load_settings
from dispatch.http import new_client
from dispatch.pipeline.team.passwords import Passwords
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock
from dispatch.testing.wakeup import AtOnce
from just_copied import just_copied

Answer = Callable[[httpx.Request], httpx.Response]

QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
"""Hashes that tests need not wait for."""

KEY = "a secret of sixteen bytes"


def workspace_in(folder: Path, migrated_sqlite: Path) -> Path:
    """A new workspace whose database is there and empty, which saves the time to make it."""
    pattern = migrated_sqlite.parent / "letters"
    if not pattern.exists():
        new_workspace(pattern)
        shutil.copy(migrated_sqlite, pattern / "dispatch.db")
    return copied_workspace(pattern, folder)


def copied_workspace(pattern: Path, folder: Path) -> Path:
    """The same workspace in another folder."""
    return shutil.copytree(pattern, folder, copy_function=_copy)


def _copy(source: str, target: str) -> None:
    # Half of the files are pictures, which nobody changes, and to make a file takes its time.
    if source.endswith(".jpg"):
        os.link(source, target)
    else:
        shutil.copy(source, target)


def change(folder: Path, old: str, new: str, file: str = "schedules.yaml") -> None:
    """Change what a file of the workspace says."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def place(folder: Path, words: str, file: str = "schedules.yaml") -> str:
    """The file and the line on which these words are, as messages begin."""
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    [number] = [number for number, line in enumerate(lines, start=1) if words in line]
    return f"{file}:{number}"


@contextmanager
def opened(
    folder: Path, clock: FakeClock, answer: Answer | None = None, **others: Any
) -> Iterator[App]:
    """A copied workspace, opened; HTTP is answered by `answer`, by default as if no network was.

    With `others` in place of the tools of these names.
    """
    settings = load_settings(folder, {"DISPATCH_SECRET_KEY": KEY})
    web = httpx.MockTransport(answer or _no_network)
    with just_copied():
        store = Store(settings.database_url)
    tools = Tools(
        files=WorkspaceFiles(folder),
        settings=settings,
        store=store,
        http=HttpClient(lambda _: new_client(transport=web)),
        feed_http=HttpClient(lambda contact: new_client(transport=web, contact=contact)),
        trials=opening.SubprocessRenderer(),
        renderer=opening.SubprocessRenderer(),
        parse=opening.SubprocessParser(),
        read_page=opening.SubprocessParser(program=opening.PAGE_READER),
        read_picture=opening.PictureReader(),
        read_upload=opening.PictureReader(program=opening.FOR_PIECES, without=opening.needs_extra),
        environ={},
        clock=clock,
        passwords=QUICK,
    )
    app = App(replace(tools, **others))
    app.store.waker = AtOnce(app.delivery.handlers(), clock)
    try:
        app.open_database()
        app.follow()
        yield app
    finally:
        app.close()


def _no_network(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no network here", request=request)
