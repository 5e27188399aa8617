"""`curl` as pages of the documentation type it: answered by the API of the reader's workspace."""

import os
import re
import shlex
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api_stage import token_of
from dispatch.app.open import open_app
from dispatch.web.routes import new_web
from team_stage import join

ORIGIN = "http://localhost:8000"
TAG = "%header{etag}"


class Curl:
    """Calls with the token of an owner, whatever the page says that it is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._open = ExitStack()
        self._program: TestClient | None = None

    def __call__(self, typed: str) -> str:
        """What it prints; variables are put in as a shell does. Fails where it is a problem."""
        program = self._program or self._begin()
        words = [re.sub(r"\$(\w+)", _value, word) for word in shlex.split(typed)[1:]]
        method, headers, body, wanted, url, field = "", {}, "", "", "", ""
        while words:
            match words.pop(0):
                case "-s":
                    pass
                case "-X":
                    method = words.pop(0)
                case "-o":
                    assert words.pop(0) == "/dev/null"
                case "-w":
                    wanted = words.pop(0)
                    assert wanted == TAG
                case "-H":
                    name, _, value = words.pop(0).partition(": ")
                    headers[name] = value
                case "|":
                    assert words[:2] == ["jq", "-r"], words
                    field, words = words[2].removeprefix("."), []
                case "--json":
                    body = words.pop(0)
                    headers["Content-Type"] = "application/json"
                case url:
                    assert url.startswith(ORIGIN), url
        answer = program.request(
            method or ("POST" if body else "GET"), url, headers=headers, content=body.encode()
        )
        assert answer.status_code < 400, answer.text
        if field:
            return str(answer.json()[field])
        return answer.headers["etag"] if wanted else answer.text

    def close(self) -> None:
        """Let go of the workspace."""
        self._open.close()

    def _begin(self) -> TestClient:
        app = self._open.enter_context(open_app(Path()))
        join(app, "ada")
        self._monkeypatch.setenv("TOKEN", token_of(app, "ada"))
        self._program = self._open.enter_context(TestClient(new_web(app), base_url=ORIGIN))
        return self._program


def _value(name: re.Match[str]) -> str:
    return os.environ[name[1]]
