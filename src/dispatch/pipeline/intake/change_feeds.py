"""What is to change in schedules.yaml so that a feed is added, is another, or goes."""

from collections.abc import Iterable, Mapping
from typing import Any

from dispatch.config.intake.feed_names import feed_name, same_address
from dispatch.config.intake.new_feeds import NewFeed
from dispatch.config.splice.change import Change, Put, Remove
from dispatch.config.workspace import Workspace
from dispatch.feeds.web.address import shown
from dispatch.model.intake.feed import Feed
from dispatch.yaml_text import read_once

HIDDEN = "***"
"""What stands for the secret of an address where it is shown."""

FLAGS = ("fulltext", "page_images")


def added(name: str, url: str, *, title: str = "", backfill: str | int = "none") -> list[Change]:
    """A new feed; without a title it is called what it calls itself."""
    value: dict[str, object] = {"url": url}
    if title:
        value["title"] = title
    if backfill not in ("", "none"):
        value["backfill"] = backfill
    return [Put(("feeds", name), value)]


def edited(name: str, feed: Feed, wanted: Mapping[str, Any]) -> list[Change]:
    """What differs: `wanted` has an address, a title or a FLAG; what it does not name stays.

    An address as it is shown changes nothing: what is secret of it stays.
    """
    changes: list[Change] = []
    url = wanted.get("url", shown(feed.url))
    if url not in (shown(feed.url), feed.url):
        changes.append(Put(("feeds", name, "url"), url))
    title = wanted.get("title", feed.title or "")
    if title != (feed.title or ""):
        place = ("feeds", name, "title")
        changes.append(Put(place, title) if title else Remove(place))
    for flag in FLAGS:
        on = wanted.get(flag, getattr(feed, flag))
        if on != getattr(feed, flag):
            place = ("feeds", name, flag)
            changes.append(Put(place, True) if on else Remove(place))
    return changes


def hides_secret(url: str, feed: Feed) -> bool:
    """Whether an address is another one, and has what hides a secret instead of one."""
    return HIDDEN in url and url != shown(feed.url)


def removed(name: str, plan: str) -> list[Change]:
    """A feed goes, also from the lists of campaigns as `plan` writes them."""
    tree = read_once(plan).tree
    changes: list[Change] = []
    for campaign, keys in (tree.get("campaigns") or {}).items():
        feeds = keys.get("feeds") if isinstance(keys, dict) else None
        if isinstance(feeds, list) and name in feeds:
            left = [one for one in feeds if one != name]
            changes.append(Put(("campaigns", campaign, "feeds"), left))
    return [*changes, Remove(("feeds", name))]


def only_feed_of(workspace: Workspace, name: str) -> list[str]:
    """The titles of campaigns that have no other feed: they keep it from going."""
    campaigns = workspace.campaigns.values()
    return [one.title for one in campaigns if tuple(one.feeds) == (name,)]


def new_ones(chosen: Iterable[tuple[str, str]], known: Mapping[str, Feed]) -> list[NewFeed]:
    """Of addresses with their titles those that are not known, each once, and with a name."""
    taken = dict.fromkeys(known)
    seen = {same_address(one.url) for one in known.values()}
    new: list[NewFeed] = []
    for url, title in chosen:
        if not url or same_address(url) in seen:
            continue
        seen.add(same_address(url))
        name = feed_name(title, url, taken=taken)
        taken[name] = None
        new.append(NewFeed(name, url, title))
    return new
