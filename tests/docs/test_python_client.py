"""What the page about the client shows runs against a workspace."""

import httpx
from starlette.testclient import TestClient

from api_stage import token_of
from app_stage import opened, workspace_in
from dispatch.model.team.role import Role
from dispatch.testing.clock import FakeClock
from dispatch.web.routes import new_web
from docs.docs_pages import DOCS, blocks_of
from team_stage import join

PAGE = DOCS / "how-to" / "python-client.md"


def test_the_examples_run(tmp_path, migrated_sqlite, monkeypatch):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    with opened(folder, FakeClock()) as app:
        list(app.people.import_files())
        join(app, "ada", Role.OWNER)
        monkeypatch.setenv("DISPATCH_TOKEN", token_of(app, "ada"))
        with TestClient(new_web(app)) as service:
            monkeypatch.setattr(httpx.HTTPTransport, "handle_request", answered_by(service))
            names = {}
            for block in blocks_of(PAGE):
                exec(block.body, names)

    assert names["profile"]["name"] == ""


def answered_by(service):
    """The network: one service, which has all names."""

    def handle(_transport, request):
        answer = service.request(
            request.method,
            request.url.raw_path.decode(),
            content=request.read(),
            headers={name: value for name, value in request.headers.items() if name != "host"},
        )
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    return handle
