"""A little network that lets applications in by OAuth 2 with PKCE, and a provider of it: `plaza`.

Its access lasts two hours, what renews it is good once, and it believes nobody who does not prove
to be who has set out.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
    Accepted,
    Account,
    Capabilities,
    Carries,
    Clock,
    CredentialsRefused,
    ProviderUnavailable,
    RateLimited,
    SocialMessage,
    Tokens,
)

URL = "https://plaza.example"
CLIENT, SECRET = "dispatch-at-plaza", "the secret of the application"
KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
LASTS, REFRESH_LASTS = 7200, 365 * 24 * 3600


@dataclass
class LittleNetwork:
    """`lasts` and `refresh_lasts` are seconds, 0 for what it does not tell or give.

    `down` answers nothing but 503. `asked` counts the calls of each path.
    """

    url: str = URL
    lasts: int = LASTS
    refresh_lasts: int = REFRESH_LASTS
    down: bool = False
    max_text: int | None = 900
    asked: dict[str, int] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    valid: set[str] = field(default_factory=set)
    renewing: set[str] = field(default_factory=set)
    given: int = 0
    redirects: set[str] = field(default_factory=set)

    def authorize(self, address: str, *, error: str = "") -> dict[str, str]:
        """Somebody says yes there, or meets an error: what they bring back."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        self.redirects.add(asked["redirect_uri"])
        if error:
            return {"error": error, "state": asked["state"]}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def answer(self, path: str, form: dict[str, str], bearer: str) -> tuple[int, dict[str, Any]]:
        """What one of its addresses says."""
        self.asked[path] = self.asked.get(path, 0) + 1
        if self.down:
            return 503, {"error": "away"}
        if path == "/token":
            return self._token(form)
        if bearer not in self.valid:
            return 401, {"error": f"unknown token {bearer}"}
        if path == "/me":
            return 200, {"name": "@atelier", "max_text": self.max_text}
        return 200, {"id": f"post-{self.asked[path]}"}

    def _token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        assert form["client_secret"] == SECRET
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] not in self.renewing:
                return 400, {"error": f"invalid_grant: {form['refresh_token']} was used"}
            self.renewing.discard(form["refresh_token"])
            return 200, self._give()
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or proof != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return 400, {"error": f"invalid_grant: {form['code']} is not yours"}
        return 200, self._give()

    def _give(self) -> dict[str, Any]:
        self.given += 1
        access, refresh = f"access-token-{self.given}", f"refresh-token-{self.given}"
        self.valid = {access}
        found: dict[str, Any] = {"access_token": access, "scope": "read write"}
        if self.lasts:
            found["expires_in"] = self.lasts
        if self.refresh_lasts:
            self.renewing.add(refresh)
            found |= {"refresh_token": refresh, "refresh_token_expires_in": self.refresh_lasts}
        return found

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """The same, as a transport."""
        form = dict(parse_qsl(request.content.decode()))
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        status, said = self.answer(request.url.path, form, bearer)
        return httpx.Response(status, json=said)


class PlazaOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    client_id: str = Field(description="the application's id")
    client_secret: SecretStr = Field(description="the application's secret")
    url: str = Field(default=URL, description="the network's address")
    token: SecretStr | None = Field(default=None, description="a token of one's own")


class Plaza:
    """Posts to one account there."""

    Options: ClassVar[type[BaseModel]] = PlazaOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.SOCIAL}),
        max_text=500,
        source="https://plaza.example/docs",
        evidence="documented",
    )
    scopes: ClassVar[tuple[str, ...]] = ("read", "write")

    def __init__(self, options: PlazaOptions, http: httpx.Client, clock: Clock) -> None:
        self._options, self._http, self._clock = options, http, clock
        own = options.token
        self._tokens: Callable[[], Tokens] = lambda: Tokens(own.get_secret_value() if own else "")

    def consent_address(self, redirect: str, state: str, challenge: str) -> str:
        query = {
            "response_type": "code",
            "client_id": self._options.client_id,
            "redirect_uri": redirect,
            "state": state,
            "scope": " ".join(self.scopes),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._options.url}/authorize?{urlencode(query)}"

    def trade(self, code: str, verifier: str, redirect: str) -> Tokens:
        return self._asked(
            grant_type="authorization_code",
            code=code,
            code_verifier=verifier,
            redirect_uri=redirect,
        )

    def renew(self, tokens: Tokens) -> Tokens:
        if not tokens.refresh:
            raise CredentialsRefused("plaza: gave nothing to renew it with - agree anew")
        return self._asked(grant_type="refresh_token", refresh_token=tokens.refresh)

    def use_tokens(self, tokens: Callable[[], Tokens]) -> None:
        self._tokens = tokens

    def send(self, batch: Sequence[SocialMessage]) -> Sequence[Accepted]:
        return [Accepted(self._call("/posts")["id"]) for _ in batch]

    def check(self) -> Account:
        said = self._call("/me")
        return Account(said["name"], can=self.scopes, max_text=said["max_text"])

    def _call(self, path: str) -> dict[str, Any]:
        access = self._tokens().access
        headers = {"Authorization": f"Bearer {access}"}
        return self._read(self._http.post(f"{self._options.url}{path}", headers=headers))

    def _asked(self, **form: str) -> Tokens:
        secret = self._options.client_secret.get_secret_value()
        form |= {"client_id": self._options.client_id, "client_secret": secret}
        said = self._read(self._http.post(f"{self._options.url}/token", data=form))
        return Tokens(
            access=said["access_token"],
            refresh=said.get("refresh_token", ""),
            ends=self._in(said.get("expires_in")),
            refresh_ends=self._in(said.get("refresh_token_expires_in")),
            scopes=tuple(said["scope"].split()),
        )

    def _in(self, seconds: int | None) -> datetime | None:
        return self._clock() + timedelta(seconds=seconds) if seconds else None

    @staticmethod
    def _read(answer: httpx.Response) -> dict[str, Any]:
        said: dict[str, Any] = answer.json()
        if answer.status_code == 503:
            raise ProviderUnavailable(f"plaza: {said['error']} - later")
        if answer.status_code == 429:
            raise RateLimited("plaza: too many - later")
        if answer.status_code >= 400:
            raise CredentialsRefused(f"plaza: {said['error']} - see its settings")
        return said


@contextmanager
def on_loopback(network: LittleNetwork) -> Iterator[None]:
    """Have it answer on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            form = dict(parse_qsl(self.rfile.read(length).decode()))
            bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
            status, said = network.answer(self.path, form, bearer)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        network.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def announce(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have `plaza` found, as if its package was installed."""
    info = folder / "little_network-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: little-network\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[dispatch.providers]\nplaza = little_network:Plaza\n")
    monkeypatch.syspath_prepend(folder)


def move_in(folder: Path, *names: str, url: str = URL, token: str = "") -> None:
    """Give a workspace channels to it, which a campaign uses."""
    own = f", token: {token}" if token else ""
    options = f"client_id: {CLIENT}, client_secret: env:PLAZA_SECRET, url: '{url}'{own}"
    text = "\nchannels:\n  outbox: {provider: outbox}\n"
    text += "".join(f"  {one}: {{provider: plaza, options: {{{options}}}}}\n" for one in names)
    file = folder / "schedules.yaml"
    plan = file.read_text(encoding="utf-8")
    via = "".join(f"{{via: {one}, template: weekly, each: edition}}, " for one in names)
    campaign = "  squares:\n    feeds: [atelier, notebook]\n"
    campaign += f"    schedule: {{every: monday, at: '08:00'}}\n    social: [{via}]\n"
    file.write_text(plan.rstrip() + "\n" + campaign + text, encoding="utf-8")
