"""Feeds are added, changed and removed: schedules.yaml is written, as the pages do it."""

from collections.abc import Sequence

from starlette.responses import Response

from dispatch.config.intake.feed_names import feed_name
from dispatch.config.intake.new_feeds import text_with_feeds
from dispatch.config.intake.opml import parse_opml
from dispatch.config.schedules.load import FILE
from dispatch.config.splice.change import Change, Put
from dispatch.errors import BadInput, Conflict
from dispatch.model.team.role import Right
from dispatch.pipeline.intake.change_feeds import (
    added,
    edited,
    hides_secret,
    new_ones,
    only_feed_of,
    removed,
)
from dispatch.pipeline.intake.list_feeds import feeds_as_opml
from dispatch.web.api.answers import Answer
from dispatch.web.api.call import Call
from dispatch.web.api.feeds import check_address, feed_of
from dispatch.web.api.operation import Operation
from dispatch.web.api.plan import change_plan, plan_of, plan_tag
from dispatch.web.api.shapes.feeds import FeedPatch, FeedsTaken, NewFeedBody, NewName
from dispatch.web.api.shapes.plan import ChangeQuery, PlanChanged

OPML = ("text/x-opml", "application/xml", "text/xml")
MOST_AT_ONCE = 1_500
LIST_BYTES = 5_000_000


def add_feed(call: Call) -> Answer:
    """Add a feed to schedules.yaml. A campaign has its posts once it names it."""
    said, taken = call.said(NewFeedBody), call.app.workspace.feeds
    check_address(said.url, "url")
    name = said.name or feed_name(said.title, said.url, taken=taken)
    if name in taken:
        raise Conflict(f"feed {name}: is there already - choose another name")
    changes = added(name, said.url, title=said.title, backfill=said.backfill)
    return _changed(call, name, changes, act="feed.add", is_new=True)


def change_feed(call: Call) -> Answer:
    """Change what schedules.yaml says of a feed; what the body leaves out stays."""
    feed, said = feed_of(call), call.said(FeedPatch)
    wanted = said.model_dump(exclude_none=True)
    if url := wanted.get("url"):
        if hides_secret(url, feed):
            raise BadInput(["url: hides a secret behind *** - say the whole address"])
        if url != feed.url:
            check_address(url, "url")
    return _changed(call, feed.name, edited(feed.name, feed, wanted), act="feed.edit")


def move_feed(call: Call) -> Answer:
    """Write down the address to which a feed has moved for good."""
    feed = feed_of(call)
    with call.app.store.read() as tx:
        moved_to = tx.feeds.memory(feed.name, feed.url).moved_to
    if not moved_to:
        raise Conflict(f"feed {feed.name}: has not moved - its address is the one in the file")
    return _changed(call, feed.name, [Put(("feeds", feed.name, "url"), moved_to)], act="feed.edit")


def remove_feed(call: Call) -> Answer:
    """Take a feed out of schedules.yaml and of the campaigns that use it; its posts stay."""
    feed = feed_of(call)
    if alone := only_feed_of(call.app.workspace, feed.name):
        campaigns = ", ".join(alone)
        advice = "give them another one first"
        raise Conflict(f"feed {feed.name}: is the only one of {campaigns} - {advice}")
    return _changed(call, feed.name, removed(feed.name, plan_of(call).text), act="feed.remove")


def _changed(
    call: Call, name: str, changes: Sequence[Change], *, act: str, is_new: bool = False
) -> Answer:
    return change_plan(
        call, changes, name=name, act=act, kind="feed", place=f"feeds.{name}", is_new=is_new
    )


def export_feeds(call: Call) -> Response:
    """Export the feeds as OPML, which feed readers can import, without passwords."""
    text = feeds_as_opml(call.app.workspace.feeds.values(), store=call.app.store)
    name = {"Content-Disposition": 'attachment; filename="feeds.opml"'}
    return Response(text, media_type=OPML[0], headers=name)


def import_feeds(call: Call) -> Answer:
    """Add the feeds of a list (OPML) that are not known yet; with `try_only` look at it."""
    try:
        opml = parse_opml(call.raw, "list")
    except BadInput as error:
        raise BadInput([f"body: {one}" for one in error.problems]) from error
    outlines = [(one.url, one.title) for one in opml.outlines]
    new = new_ones(outlines, call.app.workspace.feeds)
    fit = new[:MOST_AT_ONCE]
    only = call.query(ChangeQuery).try_only
    if fit and not only:
        before = plan_of(call)
        call.app.texts.write(
            FILE,
            text_with_feeds(before.text, fit),
            by=call.by,
            seen=before.fingerprint,
            act="feed.import",
            kind="feed",
            feeds=len(fit),
        )
    return Answer(
        FeedsTaken(
            added=[NewName(name=one.name, url=one.url, title=one.title) for one in fit],
            known=len(outlines) - len(new),
            left_out=len(new) - len(fit),
            problems=[str(one) for one in opml.problems],
            written=bool(fit) and not only,
        )
    )


OPERATIONS = (
    Operation("GET", "/feeds.opml", export_feeds, Right.PLAN, media=OPML[0]),
    Operation(
        "POST",
        "/feeds",
        add_feed,
        Right.PLAN,
        gives=PlanChanged,
        takes=NewFeedBody,
        query=ChangeQuery,
        slow=True,
        may=(409,),
    ),
    Operation(
        "POST",
        "/feeds/import",
        import_feeds,
        Right.PLAN,
        gives=FeedsTaken,
        query=ChangeQuery,
        raw=OPML,
        most_bytes=LIST_BYTES,
        slow=True,
        may=(409,),
    ),
    Operation(
        "PATCH",
        "/feeds/{name}",
        change_feed,
        Right.PLAN,
        gives=PlanChanged,
        takes=FeedPatch,
        query=ChangeQuery,
        tag=plan_tag,
        slow=True,
        may=(404, 409),
    ),
    Operation(
        "POST",
        "/feeds/{name}/move",
        move_feed,
        Right.PLAN,
        gives=PlanChanged,
        query=ChangeQuery,
        slow=True,
        may=(404, 409),
    ),
    Operation(
        "DELETE",
        "/feeds/{name}",
        remove_feed,
        Right.PLAN,
        gives=PlanChanged,
        query=ChangeQuery,
        tag=plan_tag,
        slow=True,
        may=(404, 409),
    ),
)
