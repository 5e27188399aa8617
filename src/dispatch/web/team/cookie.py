"""The cookies of the team: their names, what they hold, and when they are believed."""

import secrets
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

if TYPE_CHECKING:
    from dispatch.app import App

SECURE = "__Secure-dispatch"
PLAIN = "dispatch"
"""Over http alone, which is for trying things out on one machine."""

CODE = "-code"
"""After the name of a cookie: of who has said their password, and not yet the code of their app."""

SERVICE = "-service"
"""The same of who is away at the sign-in service."""

CONNECT = "-connect"
"""The same of who is away at a network that is to let a channel in."""

SECONDS = 30 * 24 * 60 * 60
TOKEN_BYTES = 32


def new_token() -> str:
    """What nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_in(request: Request, kind: str = "") -> str:
    """What the browser says, by default of its session; empty where it says nothing.

    The plain one is believed only where no https is: anybody in the same network can set it.
    """
    if token := request.cookies.get(SECURE + kind):
        return token
    return "" if _is_secure(request) else request.cookies.get(PLAIN + kind, "")


def give(
    request: Request, response: Response, token: str, kind: str = "", *, seconds: int = SECONDS
) -> None:
    """Have the browser keep a token."""
    secure = _is_secure(request)
    response.set_cookie(
        (SECURE if secure else PLAIN) + kind,
        token,
        max_age=seconds,
        path=_path(request),
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def take_back(request: Request, response: Response, kind: str = "") -> None:
    """Have the browser forget it, if it says one."""
    for name in (SECURE, PLAIN):
        if name + kind in request.cookies:
            response.delete_cookie(
                name + kind,
                path=_path(request),
                secure=name == SECURE,
                httponly=True,
                samesite="lax",
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
