"""Home: what waits for a decision, what comes next, and how all is."""

from starlette.responses import Response

from dispatch.web.team.visit import Visit


def show(visit: Visit) -> Response:
    """The page."""
    return visit.page("home.html", here="home")
