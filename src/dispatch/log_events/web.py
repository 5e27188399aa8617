"""What the web server says of its pages and its connections."""

from dispatch.log_events.event import LogEvent

EVENTS = {
    "web.page_crashed": LogEvent(
        "error",
        "page failed, reference {reference}",
        "A page failed by a bug; the reader was given the reference.",
        ("reference", "page"),
    ),
    "web.page_unavailable": LogEvent(
        "warning",
        "page not served: {problem}",
        "The database is away, so that a page could not be served.",
        ("problem", "times"),
    ),
    "web.request_refused": LogEvent(
        "warning",
        "request refused with {status}, times: {times}",
        "What a client sent is no request, or goes over a limit.",
        ("status", "times"),
    ),
    "web.connection_waits": LogEvent(
        "warning",
        "connections have to wait: {reason}",
        "No connection is let in for a while.",
        ("reason", "times"),
    ),
    "web.connection_lost": LogEvent(
        "warning",
        "connection lost at the door: {reason}",
        "A connection ended before it was let in.",
        ("reason", "times"),
    ),
    "web.connection_let_go": LogEvent(
        "warning",
        "connection let go, as there were too many, times: {times}",
        "A slow connection made room for another one.",
        ("times",),
    ),
    "hook.turned_away": LogEvent(
        "warning",
        "call to the hook of {channel} turned away with {status}, times: {times}"
        " - 'dispatch channels list' says why",
        "A call was not its service's own, or nothing in it could be read; the channel says why.",
        ("channel", "status", "times"),
    ),
    "hook.not_taken": LogEvent(
        "warning",
        "call to the hook of {channel} not taken, it is to come again: {problem}",
        "What a service tells cannot be read or kept now; it was asked to tell it again.",
        ("channel", "problem", "times"),
    ),
    "web.server_said": LogEvent(
        "warning",
        "web server: {text}",
        "The web server or its loop had something to say.",
        ("text", "error", "times"),
    ),
}
