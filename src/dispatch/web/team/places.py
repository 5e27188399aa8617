"""Every page of the team: method, path below /team, handler, and the right that it takes."""

from starlette.routing import Route

from dispatch.model.team.role import Right
from dispatch.web.team import first, home, sign_in
from dispatch.web.team.gate import guarded
from dispatch.web.team.place import Place
from dispatch.web.team.problems import nothing

PLACES: tuple[Place, ...] = (
    # signing in, and oneself
    Place("GET", "/first", first.show, None),
    Place("POST", "/first", first.join, None, slow=True),
    Place("GET", "/sign-in", sign_in.show, None),
    Place("POST", "/sign-in", sign_in.enter, None, slow=True),
    Place("POST", "/sign-out", sign_in.leave, None),
    # home
    Place("GET", "", home.show, Right.LOOK),
    # calendar and slots
    # lists of editions, and their review
    # an edition that goes out, and its report
    # posts
    # campaigns
    # feeds
    # channels
    # templates
    # subscribers and suppressions
    # public forms
    # people, audit log, settings
    # whatever else is asked for
    Place("GET", "/{rest:path}", nothing, Right.LOOK),
)


def team_routes(prefix: str) -> list[Route]:
    """The routes of all places, below the path of the public address."""
    return [
        Route(f"{prefix}/team{place.path}", guarded(place), methods=[place.method])
        for place in PLACES
    ]
