"""The cookie of a session: its name, what it holds, and when it is believed."""

import secrets
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

if TYPE_CHECKING:
    from dispatch.app import App

SECURE = "__Secure-dispatch"
PLAIN = "dispatch"
"""Over http alone, which is for trying things out on one machine."""

SECONDS = 30 * 24 * 60 * 60
TOKEN_BYTES = 32


def new_token() -> str:
    """What nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_in(request: Request) -> str:
    """What the browser says; empty where it says nothing.

    The plain one is believed only where no https is: anybody in the same network can set it.
    """
    if token := request.cookies.get(SECURE):
        return token
    return "" if _is_secure(request) else request.cookies.get(PLAIN, "")


def give(request: Request, response: Response, token: str) -> None:
    """Have the browser keep a token."""
    secure = _is_secure(request)
    response.set_cookie(
        SECURE if secure else PLAIN,
        token,
        max_age=SECONDS,
        path=_path(request),
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def take_back(request: Request, response: Response) -> None:
    """Have the browser forget it."""
    for name in (SECURE, PLAIN):
        response.delete_cookie(
            name, path=_path(request), secure=name == SECURE, httponly=True, samesite="lax"
        )


def _is_secure(request: Request) -> bool:
    """Whether the browser has come by https: by what it says itself, else by our own address."""
    app: App = request.app.state.app
    said = request.headers.get("origin", "") or request.headers.get("referer", "")
    if said.startswith("https://"):
        return True
    host = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")
    if host in {"localhost", "127.0.0.1", "[::1]"}:
        return False
    return app.workspace.publisher.public_url.startswith("https://")


def _path(request: Request) -> str:
    base: str = request.app.state.base
    return f"{base}/team"
