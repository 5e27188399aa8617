"""Opening a workspace."""

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from dispatch.app.files import WorkspaceFiles
from dispatch.app.http_clients import client_for_channels, client_for_feeds
from dispatch.app.opened import App
from dispatch.app.tools import Tools
from dispatch.boot import boot_id
from dispatch.clock import Clock, system_clock
from dispatch.config.process.settings import load_settings
from dispatch.feeds.pictures.reader import FOR_PIECES, PictureReader, needs_extra
from dispatch.feeds.subprocesses.parser import PAGE_READER, SubprocessParser
from dispatch.render.subprocesses.renderer import SubprocessRenderer
from dispatch.store.transactions import Store


def open_workspace(
    folder: Path | str, *, environ: Mapping[str, str] | None = None
) -> AbstractContextManager[App]:
    """A workspace to work with in Python, as `with open_workspace("letters") as letters:`.

    What goes out goes out over its channels, from its database, as if a command did it. `environ`
    stands in for the environment's variables, secrets among them. For one thread. Raises BadInput
    where its files cannot be used, and StoreUnavailable.
    """
    return open_app(Path(folder), environ=environ)


@contextmanager
def open_app(
    folder: Path, *, environ: Mapping[str, str] | None = None, clock: Clock = system_clock
) -> Iterator[App]:
    """Open a workspace; raises BadInput or StoreUnavailable, and closes all of it at the end."""
    environ = os.environ if environ is None else environ
    files = WorkspaceFiles(folder)
    settings = load_settings(folder, environ)
    tools = Tools(
        files=files,
        settings=settings,
        store=Store(settings.database_url, boot=boot_id()),
        http=client_for_channels(),
        feed_http=client_for_feeds(settings),
        # None of these starts a process before it is used.
        trials=SubprocessRenderer(),
        renderer=SubprocessRenderer(),
        parse=SubprocessParser(),
        read_page=SubprocessParser(program=PAGE_READER),
        read_picture=PictureReader(),
        read_upload=PictureReader(program=FOR_PIECES, without=needs_extra),
        environ=environ,
        clock=clock,
    )
    tools.feed_http.call_ourselves(files.workspace.publisher.public_url)
    app = App(tools)
    try:
        app.open_database()
        app.follow()
        yield app
    finally:
        app.close()
