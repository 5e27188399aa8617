"""X, LinkedIn and Threads on a stage of our own: consent, tokens and posts as they have them.

Each believes a code once, from whoever set out with it, and only tokens that it gave and that have
not ended. X gives a refresh token that is good once, LinkedIn none, and Threads has its tokens
renew themselves.
"""

import base64
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from dispatch.clock import Clock, system_clock
from vendors.networks import linkedin, threads, x

APP, SECRET = "the-application", "a-secret-of-the-application"
HOURS, DAYS = 3600, 24 * 3600


@dataclass
class Played:
    """One of them; `lasts` is for how many seconds an access holds."""

    name: str
    lasts: int
    clock: Clock = system_clock
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    valid: dict[str, datetime] = field(default_factory=dict)
    refreshing: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)
    posts: list[str] = field(default_factory=list)  # the tokens they were posted with
    given: int = 0

    def authorize(self, address: str, *, error: str = "") -> dict[str, str]:
        """Somebody says yes there, or meets an error: what they bring back."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert (asked["response_type"], asked["client_id"]) == ("code", APP)
        if error:
            return {"error": error, "state": asked["state"]}
        code = f"a-code-of-{self.name}-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code + ("#_" if self.name == "threads" else ""), "state": asked["state"]}

    def shut_out(self) -> None:
        """Somebody takes our access away there."""
        self.valid.clear()
        self.refreshing.clear()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked[path] += 1
        form = dict(parse_qsl(request.content.decode("latin-1")))
        if path in {"/2/oauth2/token", "/oauth/v2/accessToken", "/oauth/access_token"}:
            if not self._is_the_app(request, form):
                return _no(401, "invalid_client")
            return self._tokens(form)
        if path in {"/access_token", "/refresh_access_token"}:
            return self._lasting(dict(request.url.params))
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.valid.get(bearer, self.clock()) <= self.clock():
            return self._not_believed(bearer)
        answer = NETWORKS[self.name].answer(request)
        if request.method == "POST":
            self.posts.append(bearer)
        return answer

    def _is_the_app(self, request: httpx.Request, form: dict[str, str]) -> bool:
        if self.name != "x":
            return (form["client_id"], form.get("client_secret")) == (APP, SECRET)
        said = request.headers.get("authorization", "").removeprefix("Basic ")
        return base64.b64decode(said).decode() == f"{APP}:{SECRET}"

    def _tokens(self, form: dict[str, str]) -> httpx.Response:
        if form["grant_type"] == "refresh_token":
            known = form["refresh_token"] in self.refreshing
            self.refreshing.discard(form["refresh_token"])
            return self._give() if known else _no(400, "invalid_grant", form["refresh_token"])
        asked = self.codes.get(form["code"])
        if asked is None or form["code"] in self.used:
            return _no(400, "invalid_grant", form["code"])
        self.used.add(form["code"])
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        right = base64.urlsafe_b64encode(proof).decode().rstrip("=")
        if "code_challenge" in asked and asked["code_challenge"] != right:
            return _no(400, "invalid_grant", form["code_verifier"])
        if asked["redirect_uri"] != form["redirect_uri"]:
            return _no(400, "redirect_uri does not match")
        return self._give(HOURS if self.name == "threads" else None)

    def _lasting(self, said: dict[str, str]) -> httpx.Response:
        if self.valid.get(said["access_token"], self.clock()) <= self.clock():
            return self._not_believed(said["access_token"])
        if said["grant_type"] == "th_exchange_token" and said["client_secret"] != SECRET:
            return _no(400, "wrong secret", said["client_secret"])
        return self._give()

    def _give(self, lasts: int | None = None) -> httpx.Response:
        self.given += 1
        access = f"an-access-of-{self.name}-{self.given}"
        seconds = lasts or self.lasts
        self.valid[access] = self.clock() + timedelta(seconds=seconds)
        said: dict[str, Any] = {"access_token": access, "expires_in": seconds}
        if self.name == "x":
            refresh = f"a-refresh-of-{self.name}-{self.given}"
            self.refreshing.add(refresh)
            said |= {"refresh_token": refresh}
        return httpx.Response(200, json=said)

    def _not_believed(self, token: str) -> httpx.Response:
        if self.name == "threads":
            error = {"message": f"Error validating {token}", "code": 190, "type": "OAuthException"}
            return httpx.Response(400, json={"error": error})
        return _no(401, "Unauthorized", token)


NETWORKS = {one.NETWORK.name: one.NETWORK for one in (linkedin, threads, x)}


def play(name: str, clock: Clock = system_clock) -> Played:
    """One of them, whose access holds as long as there."""
    return Played(name, {"x": 2 * HOURS}.get(name, 60 * DAYS), clock)


def _no(status: int, error: str, told: str = "") -> httpx.Response:
    words = f"{error}: {told}"
    return httpx.Response(
        status,
        json={"error": error, "error_description": words, "detail": words, "message": words},
    )
