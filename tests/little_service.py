"""A little sign-in service on loopback: OpenID Connect as one person needs it, and its lies."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

CLIENT, SECRET = "dispatch", "the client's secret"


@dataclass
class LittleService:
    """`claims` is who signs in at it; `lies` change what its ID token says, or how it is signed."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    info: dict[str, Any] = field(default_factory=dict)
    now: int = 0
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}))
    foreign: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}))
    exchanges: int = 0

    def authorize(self, address: str) -> dict[str, str]:
        """Somebody says yes there: what the way back holds."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT
        code = f"code-{len(self.asked)}"
        self.asked[code] = asked
        return {"code": code, "state": asked["state"]}

    def answer(self, path: str, form: dict[str, str], headers: Any) -> tuple[int, dict[str, Any]]:
        match path:
            case "/.well-known/openid-configuration":
                return 200, {
                    "issuer": self.lies.get("issuer", self.issuer),
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "userinfo_endpoint": f"{self.issuer}/userinfo",
                    "jwks_uri": f"{self.issuer}/keys",
                }
            case "/keys":
                return 200, KeySet([self.key]).as_dict(private=False)
            case "/userinfo":
                assert headers["authorization"] == "Bearer access"
                return 200, self.info
            case "/token":
                return self._token(form, headers)
        return 404, {}

    def _token(self, form: dict[str, str], headers: Any) -> tuple[int, dict[str, Any]]:
        self.exchanges += 1
        said = base64.b64decode(headers["authorization"].removeprefix("Basic ")).decode()
        asked = self.asked.pop(form["code"], None)
        challenge = hashlib.sha256(form["code_verifier"].encode()).digest()
        made = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        if (
            asked is None
            or asked["code_challenge"] != made
            or unquote_plus(said) != f"{CLIENT}:{SECRET}"
        ):
            return 400, {"error": "invalid_grant"}
        if form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "nonce": asked["nonce"],
            "iat": self.now,
            "exp": self.now + 300,
            **self.claims,
            **self.lies.get("claims", {}),
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        key = self.foreign if self.lies.get("key") else self.key
        token = jwt.encode({"alg": "ES256", "kid": "one"}, kept, key)
        if self.lies.get("unsigned"):
            head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
            token = f"{head}.{token.split('.')[1]}."
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": token}


@contextmanager
def little_service() -> Iterator[LittleService]:
    """One that answers."""
    service = LittleService()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/authorize?"):
                self._say_yes()
            else:
                self._say({})

        def _say_yes(self) -> None:
            answer = service.authorize(self.path)
            redirect = service.asked[answer["code"]]["redirect_uri"]
            self.send_response(303)
            self.send_header("Location", f"{redirect}?{urlencode(answer)}")
            self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self._say({name: one[0] for name, one in parse_qs(body.decode()).items()})

        def _say(self, form: dict[str, str]) -> None:
            status, answer = service.answer(urlsplit(self.path).path, form, self.headers)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()


def back(answer: dict[str, str]) -> str:
    """The address by which somebody comes back."""
    return f"/team/sign-in/oidc/back?{urlencode(answer)}"
