"""Every page of the team: method, path below /team, handler, and the right that it takes."""

from starlette.routing import Route

from dispatch.model.team.role import Right
from dispatch.web.team import audit, home, people, posts
from dispatch.web.team.gate import guarded
from dispatch.web.team.place import FILE_BYTES, FORM_BYTES, Place
from dispatch.web.team.problems import nothing
from dispatch.web.team.readers import (
    add,
    chosen,
    export,
    forms,
    imports,
    subscriber,
    subscribers,
    suppressions,
)

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
    # feeds
    # channels
    # templates
    # subscribers and suppressions
    Place("GET", "/subscribers", subscribers.show, Right.READERS),
    Place("GET", "/subscribers/new", add.show, Right.READERS),
    Place("POST", "/subscribers/new", add.add, Right.READERS),
    Place("POST", "/subscribers/chosen", chosen.act, Right.READERS),
    Place("GET", "/subscribers/export", export.show, Right.READERS),
    Place("POST", "/subscribers/export", export.export, Right.READERS),
    Place("GET", "/subscribers/import", imports.show, Right.READERS),
    Place(
        "POST",
        "/subscribers/import",
        imports.take,
        Right.READERS,
        slow=True,
        most_bytes=FILE_BYTES + FORM_BYTES,
    ),
    Place("GET", "/subscribers/import/{id}/wrong.csv", imports.wrong_rows, Right.READERS),
    Place("GET", "/subscribers/import/{id}", imports.look, Right.READERS),
    Place("POST", "/subscribers/import/{id}", imports.decide, Right.READERS, slow=True),
    Place("GET", "/subscribers/{id}.json", subscriber.as_json, Right.READERS),
    Place("GET", "/subscribers/{id}", subscriber.show, Right.READERS),
    Place("POST", "/subscribers/{id}/edit", subscriber.edit, Right.READERS),
    Place("POST", "/subscribers/{id}/end", subscriber.end, Right.READERS),
    Place("POST", "/subscribers/{id}/cadence", subscriber.cadence, Right.READERS),
    Place("POST", "/subscribers/{id}/suppress", subscriber.suppress, Right.READERS),
    Place("POST", "/subscribers/{id}/erase", subscriber.erase, Right.ERASE),
    Place("GET", "/suppressions", suppressions.show, Right.READERS),
    Place("POST", "/suppressions", suppressions.add, Right.READERS),
    Place(
        "POST",
        "/suppressions/import",
        suppressions.take_in,
        Right.READERS,
        slow=True,
        most_bytes=FILE_BYTES + FORM_BYTES,
    ),
    Place("POST", "/suppressions/export", suppressions.take_out, Right.READERS),
    Place("POST", "/suppressions/{id}/lift", suppressions.lift, Right.ERASE),
    # public forms
    Place("GET", "/forms", forms.show, Right.PLAN),
    Place("POST", "/forms", forms.make, Right.PLAN),
    Place("GET", "/forms/{name}", forms.show_one, Right.PLAN),
    Place("POST", "/forms/{name}", forms.change, Right.PLAN),
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
