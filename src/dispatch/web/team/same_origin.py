"""Whether a form was posted by a page of ours: asked for each POST of the team's pages.

Browsers say from where a request comes, and no page can make them lie. So forms need no tokens.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request

if TYPE_CHECKING:
    from dispatch.app import App


def is_ours(request: Request) -> bool:
    """By `Sec-Fetch-Site`, which browsers send where the connection is safe; else by `Origin`."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    if not origin or origin == "null":
        return False
    app: App = request.app.state.app
    ours = urlsplit(app.workspace.publisher.public_url)
    parts = urlsplit(origin)
    if parts.netloc == ours.netloc:
        # A page that came by http anybody on the way can have made.
        return (parts.scheme, ours.scheme) != ("http", "https")
    return parts.netloc.lower() == request.headers.get("host", "").lower()
