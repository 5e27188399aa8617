"""How somebody arrives who is not signed in: their browser, and where they wanted to go."""

from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.responses import Response

from dispatch.pipeline.team.browser import Browser
from dispatch.signing import mark_of
from dispatch.web.network import address_of, network_of
from dispatch.web.team import cookie
from dispatch.web.team.gate import device_of

if TYPE_CHECKING:
    from dispatch.web.team.visit import Visit

LONGEST = 2_000
_SIGNING_IN = ("/sign-in", "/sign-out", "/first", "/reset", "/invitations")


def new_browser(visit: "Visit") -> tuple[Browser, str]:
    """The browser that asks, and the new token that it may be given."""
    token = cookie.new_token()
    network = network_of(address_of(visit.request, visit.app.settings.proxies))
    return Browser(mark_of(token), device_of(visit.request), network), token


def let_in(visit: "Visit", token: str, path: str = "", *, said: str = "") -> Response:
    """Send on to a path below /team, by default to where they wanted to go, with a session."""
    answer = visit.to(path or wanted(visit), said=said)
    cookie.give(visit.request, answer, token)
    cookie.take_back(visit.request, answer, cookie.CODE)
    return answer


def wanted(visit: "Visit") -> str:
    """The path below /team that `next` names; that of home where it names none of ours.

    What a browser may read as another site's address is none: two slashes, backslashes, dots.
    """
    path = visit.asked("next")
    inner = path.removeprefix(visit.base)
    plain = unquote(inner)
    odd = any(letter in "\\\x7f" or letter < " " for letter in plain)
    if inner == path or len(path) > LONGEST or odd or not inner.startswith(("/", "?")):
        return ""
    if "//" in plain.partition("?")[0] or ".." in plain or inner.startswith(_SIGNING_IN):
        return ""
    return inner
