"""Every page of the team: method, path below /team, handler, and the right that it takes."""

from starlette.routing import Route

from dispatch.model.team.role import Right
from dispatch.web.team import audit, deliveries, home, live, people, posts, run_log, sending
from dispatch.web.team.gate import guarded
from dispatch.web.team.place import Place
from dispatch.web.team.problems import nothing

PLACES: tuple[Place, ...] = (
    # signing in, and oneself
    # home
    Place("GET", "", home.show, Right.LOOK),
    # calendar and slots
    # lists of editions, and their review
    # an edition that goes out, and its report
    Place("POST", "/editions/{id}/pause", sending.pause, Right.PAUSE),
    Place("POST", "/editions/{id}/resume", sending.resume, Right.MEND),
    Place("POST", "/editions/{id}/cancel", sending.cancel, Right.MEND, slow=True),
    Place("POST", "/editions/{id}/retry-failed", sending.retry, Right.MEND, slow=True),
    Place("POST", "/editions/{id}/resolve", sending.resolve, Right.MEND, slow=True),
    Place("GET", "/editions/{id}/progress.events", live.events, Right.LOOK),
    Place("GET", "/editions/{id}/deliveries", deliveries.show, Right.READERS),
    Place("GET", "/editions/{id}/deliveries.csv", deliveries.download, Right.READERS),
    Place("GET", "/editions/{id}/run", run_log.show, Right.LOOK),
    Place(
        "GET",
        "/editions/{id}",
        Right.LOOK,
    ),
    # posts
    Place("GET", "/posts", posts.show, Right.LOOK),
    Place("POST", "/posts/release", posts.release, Right.DECIDE_POSTS),
    Place("POST", "/posts/drop", posts.drop, Right.DECIDE_POSTS),
    Place("GET", "/posts/{id}", posts.one, Right.LOOK),
    # campaigns
    # feeds
    # channels
    # templates
    # subscribers and suppressions
    # public forms
    # people, audit log, settings
    Place("GET", "/people", people.show, Right.PEOPLE),
    Place("POST", "/people", people.invite, Right.PEOPLE),
    Place("GET", "/people/{id}", people.show_one, Right.PEOPLE),
    Place("POST", "/people/{id}", people.change, Right.PEOPLE),
    Place("POST", "/people/{id}/remove", people.remove, Right.PEOPLE),
    Place("POST", "/invitations/{id}/cancel", people.cancel, Right.PEOPLE),
    Place("GET", "/audit", audit.show, Right.PEOPLE),
    Place("GET", "/audit.csv", audit.download, Right.PEOPLE),
    # whatever else is asked for
    Place("GET", "/{rest:path}", nothing, Right.LOOK),
)


def team_routes(prefix: str) -> list[Route]:
    """The routes of all places, below the path of the public address."""
    return [
        Route(f"{prefix}/team{place.path}", guarded(place), methods=[place.method])
        for place in PLACES
    ]
