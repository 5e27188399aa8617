"""Feeds: how each is, one of them, what a site offers, and the list that others can import."""

from collections.abc import Mapping, Sequence
from functools import partial

from starlette.responses import Response

from dispatch.config.intake.feed_names import feed_name, same_address
from dispatch.errors import FeedError
from dispatch.feeds.pages.discover import FoundFeed
from dispatch.feeds.web.address import shown
from dispatch.model.intake.feed import Feed
from dispatch.model.intake.post_state import WAITS_AT_MOST
from dispatch.model.intake.websub_subscription import WebsubSubscription
from dispatch.model.team.role import Right
from dispatch.pipeline.intake.change_feeds import only_feed_of
from dispatch.pipeline.intake.feed_state import STATES, state_of
from dispatch.pipeline.intake.list_feeds import feeds_as_opml
from dispatch.store.intake.feeds import FeedMemory
from dispatch.web.team.feed_lines import by_name, feed_lines
from dispatch.web.team.frame import HEADERS, in_english
from dispatch.web.team.posts import lines_of
from dispatch.web.team.queries import with_query
from dispatch.web.team.reasons import told
from dispatch.web.team.visit import Visit

A_PAGE = 50
LATEST = 10


def show(visit: Visit) -> Response:
    """All of them."""
    return feeds_page(visit)


def find(visit: Visit) -> Response:
    """The feeds that a site offers, to add one of them."""
    address = visit.asked("url")
    if not address:
        return one_page(visit, "find") if "find" in visit.app.workspace.feeds else show(visit)
    if address.startswith("file:"):
        error = visit.words("feeds.no_file")
        return feeds_page(visit, errors={"url": error}, url=address)
    try:
        found = visit.app.intake.find_feeds(address)
    except FeedError as error:
        return feeds_page(visit, errors={"url": in_english(str(error))}, url=address)
    return feeds_page(visit, url=address, found=found)


def one(visit: Visit) -> Response:
    """One feed: its health, its posts, its address, who uses it."""
    return one_page(visit, visit.part("name"))


def export(visit: Visit) -> Response:
    """The feeds as OPML, which feed readers can import; those in files of ours are nobody's."""
    name = {"Content-Disposition": 'attachment; filename="feeds.opml"'}
    text = feeds_as_opml(visit.app.workspace.feeds.values(), store=visit.app.store)
    return Response(text, media_type="text/x-opml", headers=HEADERS | name)


def poll(visit: Visit) -> Response:
    """Ask one feed now, and say what it brought; what is wrong with it is on its page."""
    name = visit.part("name")
    visit.app.workspace.check_feeds([name])
    report = visit.app.intake.poll_now(name, by=visit.by)
    if report.problem:
        return visit.to(f"/feeds/{name}", said="feed_not_read")
    if report.unchanged:
        return visit.to(f"/feeds/{name}", said="feed_unchanged")
    return visit.to(f"/feeds/{name}", said="feed_polled", count=report.kept.new)


def poll_all(visit: Visit) -> Response:
    """Have the service ask all of them at its next tick."""
    number = visit.app.intake.poll_soon(by=visit.by)
    return visit.to("/feeds", said="feeds_due", count=number)


def feeds_page(
    visit: Visit,
    *,
    errors: Mapping[str, str] | None = None,
    url: str = "",
    found: Sequence[FoundFeed] = (),
    typed: Mapping[str, str] | None = None,
) -> Response:
    """The list; with what was found at `url`, and what was `typed` beside it."""
    text, state, after = visit.asked("q"), visit.asked("state"), visit.asked("after")
    state = state if state in STATES else ""
    every = [
        feed
        for feed in visit.app.workspace.feeds.values()
        if text.casefold() in f"{feed.name} {feed.url} {feed.title or ''}".casefold()
    ]
    memories = by_name(visit, [feed.name for feed in every])
    states = {name: state_of(memory, visit.now) for name, memory in memories.items()}
    chosen = [feed for feed in every if not state or states[feed.name] == state]
    names = [feed.name for feed in chosen]
    first = names.index(after) + 1 if after in names else 0
    page = chosen[first : first + A_PAGE]
    address = partial(with_query, f"{visit.base}/feeds", {"q": text, "state": state})
    older = page[-1].name if len(chosen) > first + A_PAGE else ""
    return visit.page(
        "feeds.html",
        status_code=422 if errors else 200,
        here="feeds",
        errors=errors or {},
        lines=feed_lines(visit, page, [memories[feed.name] for feed in page]),
        total=len(visit.app.workspace.feeds),
        states={one: list(states.values()).count(one) for one in STATES},
        state=state,
        q=text,
        newer=address() if first else "",
        older=address(after=older) if older else "",
        url=url,
        found=_offers(visit, found),
        typed={"name": "", "backfill": "none", "since": ""} | dict(typed or {}),
        why_not=_why_not(visit),
        why=partial(told, visit.times),
    )


def one_page(
    visit: Visit,
    name: str,
    *,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    status_code: int = 0,
) -> Response:
    """One feed; with the form that changes it where that is asked for, or was wrong."""
    visit.app.workspace.check_feeds([name])
    feed = visit.app.workspace.feeds[name]
    since = visit.now - WAITS_AT_MOST
    with visit.app.store.read() as tx:
        memory = tx.feeds.memory(feed.name, feed.url)
        number, waiting = tx.inbox.number(name), tx.inbox.waiting(name, since=since)
        held = len(tx.inbox.held(name))
        latest = tx.inbox.latest(name, most=LATEST)
        uses = tx.inbox.uses([post.id for post in latest])
        hubs = tx.websub_subscriptions.of(name)
    [line] = feed_lines(visit, [feed], [memory])
    editing = visit.may(Right.PLAN) and (typed is not None or visit.asked("edit") == "yes")
    return visit.page(
        "feed.html",
        status_code=status_code or (422 if errors else 200),
        here="feeds",
        errors=errors or {},
        line=line,
        number_of_posts=number,
        waiting=waiting,
        held=held,
        posts=lines_of(visit, latest, uses),
        title_of={one.name: one.title for one in visit.app.workspace.campaigns.values()},
        hub=_hub(memory, hubs),
        editing=editing,
        typed=typed or _as_written(feed),
        seen=visit.app.texts.plan.fingerprint if visit.may(Right.PLAN) else "",
        why_not=_why_not(visit),
        why=partial(told, visit.times),
        configured=shown(feed.url),
        moved_to=shown(memory.moved_to),
        only=only_feed_of(visit.app.workspace, name),
    )


def _as_written(feed: Feed) -> dict[str, str]:
    return {
        "url": shown(feed.url),
        "title": feed.title or "",
        "fulltext": "yes" if feed.fulltext else "",
        "page_images": "yes" if feed.page_images else "",
    }


def _offers(visit: Visit, found: Sequence[FoundFeed]) -> list[dict[str, object]]:
    """What was found, with the name that each would get, or has."""
    known = {same_address(one.url): one.name for one in visit.app.workspace.feeds.values()}
    taken = visit.app.workspace.feeds
    return [
        {
            "found": one,
            "known": known.get(same_address(one.url), ""),
            "name": feed_name(one.title, one.url, taken=taken),
        }
        for one in found
    ]


def _hub(memory: FeedMemory, hubs: Sequence[WebsubSubscription]) -> WebsubSubscription | None:
    return next((one for one in hubs if (one.hub, one.topic) == (memory.hub, memory.topic)), None)


def _why_not(visit: Visit) -> str:
    return visit.app.texts.why_not() if visit.may(Right.PLAN) else ""
