"""Every page of the team: method, path below /team, handler, and the right that it takes."""

from starlette.routing import Route

from dispatch.model.team.role import Right
from dispatch.web.team import (
    accept,
    account,
    audit,
    calendar,
    channel_forms,
    channels,
    deliveries,
    edition,
    editions,
    factor,
    feed_changes,
    feeds,
    first,
    home,
    live,
    people,
    posts,
    reset,
    run_log,
    sending,
    settings,
    sign_in,
    slots,
    templates,
)
from dispatch.web.team.gate import guarded
from dispatch.web.team.place import FILE_BYTES, FORM_BYTES, LIST_BYTES, Place
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
from dispatch.web.team.review import changes, decisions, edits, previews, try_it

PLACES: tuple[Place, ...] = (
    # signing in, and oneself
    Place("GET", "/first", first.show, None),
    Place("POST", "/first", first.join, None, slow=True),
    Place("GET", "/sign-in", sign_in.show, None),
    Place("POST", "/sign-in", sign_in.enter, None, slow=True),
    Place("GET", "/sign-in/code", factor.ask, None),
    Place("POST", "/sign-in/code", factor.check, None),
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
    Place("GET", "/calendar", calendar.show, Right.LOOK),
    Place("POST", "/calendar/link", calendar.new_link, Right.LOOK),
    Place("POST", "/calendar/link/end", calendar.end_link, Right.LOOK),
    Place("GET", "/calendar/{token}.ics", calendar.file, None),
    Place("GET", "/campaigns/{name}/slots/{slot}", slots.show, Right.LOOK),
    Place("POST", "/campaigns/{name}/slots/{slot}/skip", slots.skip, Right.PLAN),
    Place("POST", "/campaigns/{name}/slots/{slot}/unskip", slots.unskip, Right.PLAN),
    # lists of editions, and their review
    Place("GET", "/editions", editions.show, Right.LOOK),
    Place("GET", "/editions/{id}", edition.show, Right.LOOK),
    Place("GET", "/editions/{id}/preview/{kind}", previews.bare, Right.LOOK),
    Place("GET", "/editions/{id}/changes", changes.changes, Right.LOOK),
    Place("GET", "/editions/{id}/edition.eml", previews.eml, Right.LOOK),
    Place("POST", "/editions/{id}/words", edits.words, Right.WRITE, slow=True),
    Place("POST", "/editions/{id}/posts", edits.posts, Right.WRITE, slow=True),
    Place("POST", "/editions/{id}/snippets", edits.snippets, Right.WRITE, slow=True),
    Place("POST", "/editions/{id}/ready", decisions.ready, Right.WRITE),
    Place("POST", "/editions/{id}/take-back", decisions.take_back, Right.WRITE),
    Place("POST", "/editions/{id}/test", try_it.send, Right.WRITE, slow=True),
    Place("POST", "/editions/{id}/request-changes", decisions.ask_for_changes, Right.APPROVE),
    Place("POST", "/editions/{id}/approve", decisions.approve, Right.APPROVE),
    Place("POST", "/editions/{id}/reject", decisions.reject, Right.APPROVE),
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
    # posts
    Place("GET", "/posts", posts.show, Right.LOOK),
    Place("POST", "/posts/release", posts.release, Right.DECIDE_POSTS),
    Place("POST", "/posts/drop", posts.drop, Right.DECIDE_POSTS),
    Place("GET", "/posts/{id}", posts.one, Right.LOOK),
    # campaigns
    # feeds
    Place("GET", "/feeds", feeds.show, Right.LOOK),
    Place("POST", "/feeds", feed_changes.add, Right.PLAN),
    Place("GET", "/feeds/find", feeds.find, Right.PLAN),
    Place("GET", "/feeds.opml", feeds.export, Right.PLAN),
    Place("POST", "/feeds/poll", feeds.poll_all, Right.PLAN),
    Place("POST", "/feeds/import", feed_changes.bring_in, Right.PLAN, most_bytes=LIST_BYTES),
    Place("GET", "/feeds/{name}", feeds.one, Right.LOOK),
    Place("POST", "/feeds/{name}/edit", feed_changes.edit, Right.PLAN),
    Place("POST", "/feeds/{name}/move", feed_changes.move, Right.PLAN),
    Place("POST", "/feeds/{name}/poll", feeds.poll, Right.PLAN, slow=True),
    Place("POST", "/feeds/{name}/remove", feed_changes.remove, Right.PLAN),
    # channels
    Place("GET", "/channels", channels.show, Right.LOOK),
    Place("GET", "/channels/new", channel_forms.new, Right.CHANNELS),
    Place("POST", "/channels/new", channel_forms.connect, Right.CHANNELS, slow=True),
    Place("GET", "/channels/{name}", channels.one, Right.LOOK),
    Place("GET", "/channels/{name}/edit", channel_forms.edit, Right.CHANNELS),
    Place("POST", "/channels/{name}/edit", channel_forms.save, Right.CHANNELS, slow=True),
    Place("POST", "/channels/{name}/check", channels.check, Right.TRY_CHANNELS, slow=True),
    Place("POST", "/channels/{name}/pause", channels.pause, Right.TRY_CHANNELS),
    Place("POST", "/channels/{name}/resume", channels.resume, Right.TRY_CHANNELS),
    # templates
    Place("GET", "/templates", templates.show, Right.LOOK),
    Place("GET", "/templates/{name}", templates.first, Right.LOOK),
    Place("GET", "/templates/{name}/versions", templates.versions, Right.LOOK),
    Place("GET", "/templates/{name}/{file}", templates.one, Right.LOOK),
    Place("POST", "/templates/{name}/{file}", templates.save, Right.PLAN, slow=True),
    Place("GET", "/templates/{name}/{file}/preview", templates.preview, Right.LOOK),
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
    Place("GET", "/settings", settings.show, Right.PEOPLE),
    Place("POST", "/settings", settings.save, Right.PEOPLE),
    # whatever else is asked for
    Place("GET", "/{rest:path}", nothing, Right.LOOK),
)


def team_routes(prefix: str) -> list[Route]:
    """The routes of all places, below the path of the public address."""
    return [
        Route(f"{prefix}/team{place.path}", guarded(place), methods=[place.method])
        for place in PLACES
    ]
