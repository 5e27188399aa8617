"""What is said of deliveries, and of the channels that they go over."""

from dispatch.log_events.event import LogEvent

EVENTS = {
    "channel.resumed": LogEvent(
        "info",
        "channel {channel} may be used again, says {by}",
        "Somebody lets a stopped channel be used again.",
        ("channel", "by"),
    ),
    "delivery.settled": LogEvent(
        "info",
        "deliveries of {campaign} over {channel} ended: {ended}",
        "A sending loop has ended; so many deliveries got their last state by it.",
        ("campaign", "edition", "channel", "ended"),
    ),
    "access.given": LogEvent(
        "info",
        "channel {channel} was let in, says {by}",
        "Somebody has agreed at a network that a channel may post; it is kept encrypted.",
        ("channel", "by"),
    ),
    "access.renewed": LogEvent(
        "info",
        "the access of channel {channel} was renewed",
        "A network has given other tokens in the place of those that end.",
        ("channel",),
    ),
    "access.not_renewed": LogEvent(
        "warning",
        "{problem}",
        "An access that ends soon could not be renewed; it is tried again, and pages show it.",
        ("channel", "problem"),
    ),
    "access.not_given": LogEvent(
        "warning",
        "{problem}",
        "Somebody came back from a network in the browser, and it has not let the channel in.",
        ("channel", "problem"),
    ),
    "access.ended": LogEvent(
        "info",
        "the access of channel {channel} was forgotten, says {by}",
        "Somebody has ended a channel's access to its network.",
        ("channel", "by"),
    ),
    "bounces.read": LogEvent(
        "info",
        "mails that came back: {mails} read, {understood} told something: {events}",
        "The mailbox of `bounces:` was read.",
        ("mails", "understood", "events"),
    ),
    "bounces.crashed": LogEvent(
        "error",
        "a bug while reading a mail that came back",
        "A mail in the mailbox of `bounces:` could not be read, by a bug of ours; the others were.",
    ),
    "post.found": LogEvent(
        "info",
        "a post whose answer was lost is there: {address}",
        "It was found among the latest posts of its account, and its delivery is accepted.",
        ("channel", "address"),
    ),
    "post.not_looked_for": LogEvent(
        "warning",
        "channel {channel}: nobody can look for posts whose answer was lost: {problem}",
        "Their deliveries stay unknown; it is tried again.",
        ("channel", "problem"),
    ),
    "message.crashed": LogEvent(
        "error",
        "a bug while making the message of delivery {delivery}",
        "A message could not be made, by a bug of ours; its delivery failed.",
        ("edition", "delivery"),
    ),
    "digest.compiled_differs": LogEvent(
        "warning",
        "a compiled digest differs: they are rendered one by one",
        "A digest filled in is not what rendering gives. Sending is slower, and right.",
    ),
    "digest.not_compiled": LogEvent(
        "info",
        "digests are rendered one by one: {reason}",
        "The template asks for something that cannot be filled in. Sending is slower.",
        ("reason",),
    ),
    "channel.stopped": LogEvent(
        "warning",
        "{problem}",
        "Trouble of its own has stopped a channel for everybody.",
        ("channel", "problem"),
    ),
    "channel.not_opened": LogEvent(
        "warning",
        "{problem}",
        "A channel could not be opened, so that nobody works for it.",
        ("channel", "problem"),
    ),
    "channel.crashed": LogEvent(
        "error",
        "a bug in the provider of channel {channel}",
        "A provider raised what it should not; what it was given is in doubt.",
        ("channel",),
    ),
    "events.forgotten": LogEvent(
        "info",
        "what was told of mails and is old is forgotten: {rows}",
        "What providers told of mails is older than it is kept for; what came later of each stays.",
        ("rows",),
    ),
    "smtp.odd_answer": LogEvent(
        "warning",
        "{problem}",
        "A mail server said something about itself that cannot be understood.",
        ("problem",),
    ),
}
