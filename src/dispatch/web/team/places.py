"""Every page of the team: method, path below /team, handler, and the right that it takes."""

from starlette.routing import Route

from dispatch.model.team.role import Right
from dispatch.web.team import (
    audit,
    campaign_edit,
    campaign_run,
    campaigns,
    home,
    people,
    plan_versions,
    posts,
)
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
    # posts
    Place("GET", "/posts", posts.show, Right.LOOK),
    Place("POST", "/posts/release", posts.release, Right.DECIDE_POSTS),
    Place("POST", "/posts/drop", posts.drop, Right.DECIDE_POSTS),
    Place("GET", "/posts/{id}", posts.one, Right.LOOK),
    # campaigns
    Place("GET", "/campaigns", campaigns.show, Right.LOOK),
    Place("GET", "/campaigns/new", campaign_edit.new, Right.PLAN),
    Place("POST", "/campaigns/new", campaign_edit.make, Right.PLAN),
    Place("GET", "/campaigns/{name}", campaigns.show_one, Right.LOOK),
    Place("GET", "/campaigns/{name}/runs", campaigns.show_runs, Right.LOOK),
    Place("GET", "/campaigns/{name}/simulate", campaigns.show_simulation, Right.LOOK),
    Place("GET", "/campaigns/{name}/edit", campaign_edit.edit, Right.PLAN),
    Place("POST", "/campaigns/{name}/edit", campaign_edit.change, Right.PLAN),
    Place("GET", "/campaigns/{name}/run", campaign_run.show, Right.MEND),
    Place("POST", "/campaigns/{name}/run", campaign_run.run, Right.MEND, slow=True),
    Place("GET", "/schedules/versions", plan_versions.show, Right.LOOK),
    Place("GET", "/schedules/versions/{id}", plan_versions.show_one, Right.PLAN),
    Place("POST", "/schedules/versions/{id}", plan_versions.go_back, Right.PLAN),
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
