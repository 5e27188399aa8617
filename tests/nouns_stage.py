"""A program of an owner over one polled workspace, for the tests of a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from starlette.testclient import TestClient

from api_stage import calling
from app_stage import copied_workspace, opened
from dispatch.app import App
from dispatch.model.team.role import Role
from dispatch.testing.clock import FakeClock

RSS = (
    '<rss version="2.0"><channel><title>Le journal</title><link>https://musee.example/</link>'
    "<item><title>One</title><link>https://musee.example/1</link></item></channel></rss>"
)
PAGE = '<link rel="alternate" type="application/rss+xml" title="Journal" href="/feed.xml">'


def answer(request: httpx.Request) -> httpx.Response:
    """The one site that there is."""
    if request.url.path == "/feed.xml":
        kind = {"content-type": "application/rss+xml"}
        return httpx.Response(200, text=RSS, headers=kind)
    return httpx.Response(200, text=PAGE, headers={"content-type": "text/html"})


@contextmanager
def program(folder: Path, pattern: Path, *roles: Role) -> Iterator[tuple[App, TestClient]]:
    """The workspace with its feeds polled, and a program whose token has these roles."""
    with opened(copied_workspace(pattern, folder), FakeClock(), answer) as app:
        list(app.intake.poll(app.workspace.feeds))
        with calling(app, *(roles or (Role.OWNER,))) as api:
            yield app, api


def errors_of(said: httpx.Response) -> dict[str, str]:
    """Field to what is wrong with it."""
    return {one["field"]: one["detail"] for one in said.json()["errors"]}


def tag_of(api: TestClient, path: str) -> dict[str, str]:
    """The header that a change of it needs."""
    return {"If-Match": api.get(path).headers["etag"]}


def plan(app: App) -> str:
    """What schedules.yaml says."""
    return (app.folder / "schedules.yaml").read_text(encoding="utf-8")
