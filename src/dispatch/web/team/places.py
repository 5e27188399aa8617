"""Every page of the team: method, path below /team, handler, and the right that it takes."""

from starlette.routing import Route

from dispatch.model.team.role import Right
from dispatch.web.team import (
    accept,
    account,
    audit,
    factor,
    first,
    home,
    people,
    posts,
    reset,
    service,
    sign_in,
)
from dispatch.web.team.gate import guarded
from dispatch.web.team.place import Place
from dispatch.web.team.problems import nothing

PLACES: tuple[Place, ...] = (
    # signing in, and oneself
    Place("GET", "/first", first.show, None),
    Place("POST", "/first", first.join, None, slow=True),
    Place("GET", "/sign-in", sign_in.show, None),
    Place("POST", "/sign-in", sign_in.enter, None, slow=True),
    Place("GET", "/sign-in/code", factor.ask, None),
    Place("POST", "/sign-in/code", factor.check, None),
    Place("POST", "/sign-in/oidc", service.set_out, None, slow=True),
    Place("GET", "/sign-in/oidc/back", service.come_back, None),  # changes: guarded by its state
    Place("POST", "/sign-out", sign_in.leave, None),
    Place("GET", "/reset", reset.show, None),
    Place("POST", "/reset", reset.ask, None),
    Place("GET", "/reset/{token}", reset.show_one, None),
    Place("POST", "/reset/{token}", reset.choose, None, slow=True),
    Place("GET", "/invitations/{token}", accept.show, None),
    Place("POST", "/invitations/{token}", accept.join, None, slow=True),
    Place("GET", "/account", account.show, Right.LOOK),
    Place("POST", "/account", account.change, Right.LOOK),
    Place("POST", "/account/password", account.change_password, Right.LOOK, slow=True),
    Place("POST", "/account/sessions", account.change_sessions, Right.LOOK),
    Place("GET", "/account/factor", factor.show, Right.LOOK),
    Place("POST", "/account/factor", factor.change, Right.LOOK, slow=True),
    # home
    Place("GET", "", home.show, Right.LOOK),
    # calendar and slots
    # lists of editions, and their review
    # an edition that goes out, and its report
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
