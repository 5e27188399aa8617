"""Opening a workspace."""

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx

from dispatch.app.files import WorkspaceFiles
from dispatch.app.opened import App
from dispatch.app.tools import Tools
from dispatch.clock import Clock, system_clock
from dispatch.config.process.settings import Settings, load_settings
from dispatch.feeds.web.network import FeedNetwork
from dispatch.http import new_client
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
        store=Store(settings.database_url),
        http=new_client(),
        feed_http=feed_client(settings, contact=files.workspace.publisher.public_url),
        trials=SubprocessRenderer(),
        renderer=SubprocessRenderer(),
        environ=environ,
        clock=clock,
    )
    app = App(tools)
    try:
        app.open_database()
        app.follow()
        yield app
    finally:
        app.close()


def feed_client(settings: Settings, *, contact: str) -> httpx.Client:
    """An HTTP client for feeds, which reaches public addresses and those that settings allow."""
    proxy = settings.feed_proxy.get_secret_value() if settings.feed_proxy else ""
    network = FeedNetwork(allowed=settings.private_networks, proxy=proxy)
    return new_client(transport=network, contact=contact)
