"""Feeds: how each is, one of them, what a site offers, and polls."""

from collections.abc import Mapping

from dispatch.config.intake.feed_names import feed_name, same_address
from dispatch.errors import BadInput, FeedError
from dispatch.feeds.web.address import shown
from dispatch.model.intake.feed import Feed
from dispatch.model.intake.post_state import WAITS_AT_MOST
from dispatch.model.team.role import Right
from dispatch.pipeline.intake.feed_state import state_of
from dispatch.store.intake.feeds import FeedMemory
from dispatch.web.api.answers import Answer
from dispatch.web.api.call import Call
from dispatch.web.api.in_order import page_in_order
from dispatch.web.api.operation import Operation
from dispatch.web.api.plan import seen_plan
from dispatch.web.api.shapes.feeds import (
    FeedQuery,
    Feeds,
    FeedShape,
    FeedWhole,
    FindBody,
    Offer,
    Offers,
    PollsDue,
    PollShape,
)


def list_feeds(call: Call) -> Feeds:
    """List the feeds, in the order of schedules.yaml, with how each is."""
    asked = call.query(FeedQuery)
    text = asked.text.casefold()
    every = [
        feed
        for feed in call.app.workspace.feeds.values()
        if text in f"{feed.name} {shown(feed.url)} {feed.title or ''}".casefold()
    ]
    with call.app.store.read() as tx:
        memories = {one.name: one for one in tx.feeds.memories(every)}
    chosen = [
        feed
        for feed in every
        if asked.state is None or state_of(memories[feed.name], call.now) == asked.state
    ]
    page, onward = page_in_order(chosen, asked, lambda feed: feed.name)
    return Feeds(items=[_shape(call, feed, memories[feed.name]) for feed in page], next=onward)


def show_feed(call: Call) -> Answer:
    """Show one feed: its health, its address, who uses it, and how many posts it has brought."""
    feed = feed_of(call)
    with call.app.store.read() as tx:
        memory = tx.feeds.memory(feed.name, feed.url)
        whole = FeedWhole(
            **_shape(call, feed, memory).model_dump(),
            site=memory.link,
            backfill=str(feed.backfill),
            posts=tx.inbox.number(feed.name),
            waiting=tx.inbox.waiting(feed.name, since=call.now - WAITS_AT_MOST),
            held=len(tx.inbox.held(feed.name)),
            hub=shown(memory.hub),
        )
    return Answer(whole, headers=seen_plan(call))


def find_feeds(call: Call) -> Offers:
    """Find the feeds that a site offers, from the address of any page of it.

    The site is asked; nothing is kept. It may take a minute.
    """
    address = call.said(FindBody).address.strip()
    check_address(address, "address")
    try:
        found = call.app.intake.find_feeds(address)
    except FeedError as error:
        raise BadInput([f"address: {error}"]) from error
    known = {same_address(one.url): one.name for one in call.app.workspace.feeds.values()}
    taken = call.app.workspace.feeds
    return Offers(
        found=[
            Offer(
                url=one.url,
                title=one.title,
                kind=one.kind,
                entries=one.entries,
                newest=one.newest,
                comments=one.comments,
                language=one.language,
                known_as=known.get(same_address(one.url)),
                name=feed_name(one.title, one.url, taken=taken),
            )
            for one in found
        ]
    )


def poll_feed(call: Call) -> PollShape:
    """Poll one feed now, and say what it brought."""
    report = call.app.intake.poll_now(feed_of(call).name, by=call.by)
    return PollShape(
        problem=report.problem,
        unchanged=report.unchanged,
        new=report.kept.new,
        held=report.kept.held,
        backlog=report.kept.backlog,
        revised=report.kept.revised,
        notes=list(report.notes),
    )


def poll_feeds(call: Call) -> PollsDue:
    """Have the service poll all feeds at its next tick."""
    return PollsDue(feeds=call.app.intake.poll_soon(by=call.by))


def feed_of(call: Call) -> Feed:
    """The feed of the address; raises NotFound."""
    name, workspace = call.part("name"), call.app.workspace
    workspace.check_feeds([name])
    return workspace.feeds[name]


def check_address(url: str, field: str) -> None:
    """Raise BadInput for a file of ours: who has only a token names none."""
    if url.strip().casefold().startswith("file:"):
        raise BadInput([f"{field}: is a file of this workspace - name an address of the web"])


def _shape(call: Call, feed: Feed, memory: FeedMemory) -> FeedShape:
    habit = memory.habit
    return FeedShape(
        name=feed.name,
        title=feed.title or memory.title or feed.name,
        url=shown(feed.url),
        moved_to=shown(memory.moved_to),
        state=state_of(memory, call.now),
        problem=memory.problem,
        polled_at=memory.polled_at,
        next_poll_at=memory.next_poll_at,
        next_poll_why=memory.next_poll_why,
        last_post_at=memory.last_post_at,
        usual_gap=int(habit.usual.total_seconds()) if habit else None,
        fulltext=feed.fulltext,
        page_images=feed.page_images,
        campaigns=followers(call).get(feed.name, []),
    )


def followers(call: Call) -> Mapping[str, list[str]]:
    """Feed to the campaigns that use it."""

    def find() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for campaign in call.app.workspace.campaigns.values():
            for feed in campaign.feeds:
                found.setdefault(feed, []).append(campaign.name)
        return found

    return call.once("followers", find)


OPERATIONS = (
    Operation("GET", "/feeds", list_feeds, Right.LOOK, gives=Feeds, query=FeedQuery),
    Operation(
        "POST", "/feeds/find", find_feeds, Right.PLAN, gives=Offers, takes=FindBody, slow=True
    ),
    Operation("POST", "/feeds/poll", poll_feeds, Right.PLAN, gives=PollsDue),
    Operation("GET", "/feeds/{name}", show_feed, Right.LOOK, gives=FeedWhole, may=(404,)),
    Operation(
        "POST",
        "/feeds/{name}/poll",
        poll_feed,
        Right.PLAN,
        gives=PollShape,
        slow=True,
        may=(404,),
    ),
)
