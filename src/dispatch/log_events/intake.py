"""What is said of feeds, and of hubs that call."""

from dispatch.log_events.event import LogEvent

EVENTS = {
    "feed.polled": LogEvent(
        "info",
        "new posts in {feed}: {posts}",
        "A poll brought new posts.",
        ("feed", "posts"),
    ),
    "feed.failed": LogEvent(
        "warning",
        "feed {feed} not read: {problem}",
        "A feed could not be read.",
        ("feed", "problem"),
    ),
    "feed.crashed": LogEvent(
        "error",
        "a bug, at feed {feed}",
        "A feed could not be read, by a bug of ours.",
        ("feed",),
    ),
    "feed.silent": LogEvent(
        "warning",
        "{problem}",
        "A feed is quiet for much longer than it usually is.",
        ("feed", "problem"),
    ),
    "feed.page_over_limit": LogEvent(
        "warning",
        "page of {feed} not read: {problem}",
        "The page of a post takes more time or room than it may; no more of this poll are read.",
        ("feed", "problem"),
    ),
    "feed.page_crashed": LogEvent(
        "warning",
        "a bug, at a page of {feed}",
        "The page of a post could not be read, by a bug of ours.",
        ("feed",),
    ),
    "websub.request_failed": LogEvent(
        "warning",
        "hub of {feed} not asked: {problem}",
        "A hub could not be asked for notifications.",
        ("feed", "problem"),
    ),
    "websub.notification_ignored": LogEvent(
        "warning",
        "notification for {feed} ignored: {reason}",
        "A hub's call does not prove that it is the hub's.",
        ("feed", "reason"),
    ),
}
