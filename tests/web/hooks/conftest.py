"""A workspace with a channel whose service calls back, and whoever calls it."""

from dataclasses import dataclass
from typing import Any

import pytest
from starlette.testclient import TestClient

from app_stage import opened
from dispatch.app import App
from dispatch.clock import Clock
from door_bell import SECRET, announce, hang_up, signed, told


@pytest.fixture(scope="module")
def _announced(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        announce(tmp_path_factory.mktemp("plugins"), patch)
        yield


@pytest.fixture
def folder(folder, _announced):
    hang_up(folder, "cracked", "latin", "missing")
    return folder


@pytest.fixture
def app(folder, clock):
    with opened(folder, clock, environ={"BELL_SECRET": SECRET}) as app:
        yield app


@dataclass
class Service:
    """Calls the hook of a channel, as its service does."""

    app: App
    browser: TestClient
    clock: Clock

    def call(self, *events: Any, channel: str = "bell", **options: Any):
        """Tell these events, signed."""
        return self.send(told(*events), channel=channel, **options)

    def send(self, body: bytes, *, channel: str = "bell", secret: str = SECRET, **options: Any):
        """Send a body, signed; `headers` come on top."""
        headers = signed(body, self.clock, secret=secret) | options.pop("headers", {})
        return self.browser.post(f"/hooks/{channel}", content=body, headers=headers, **options)

    @property
    def ids(self) -> list[str]:
        """Of what has been kept, in the order in which it was."""
        with self.app.store.read() as tx:
            return [one.event_id for _, one in reversed(tx.events.latest(most=10_000))]

    def counts(self, channel: str = "bell"):
        """What has come to a channel."""
        self.browser.portal.call(self.browser.app.state.reception.turned_away.write)
        with self.app.store.read() as tx:
            return tx.hooks.all().get(channel)


@pytest.fixture
def service(app, browser, clock):
    return Service(app, browser, clock)
