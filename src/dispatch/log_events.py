"""What the log can say: each event's name, level and sentence, and what its fields mean.

`docs/reference/log-events.md` is made from this. Tests compare it with what the code logs.
"""

from dataclasses import dataclass

CONTEXT = {
    "campaign": "the campaign's name",
    "edition": "the edition's id",
    "feed": "the feed's name",
    "channel": "the channel's name",
}
"""Stands in every line that is said while one of them is at work, whoever says it."""

FIELDS = {
    **CONTEXT,
    "about": "what a review mail, or a mail to a reader, is about",
    "address": "the reviewer's address",
    "by": "the person who decided",
    "decision": "what the deadline decided",
    "deliveries": "how many deliveries are open",
    "delivery": "the delivery's number",
    "ended": "how many deliveries got their last state",
    "envelope": "the wake-up as it was found",
    "error": "the class of the error",
    "first": "the first slot that was passed over",
    "job": "the job that a worker was woken for",
    "last": "the last slot that was passed over",
    "logger": "the library's name for who says it",
    "number": "how many slots were passed over",
    "page": "the function that answers",
    "posts": "how many posts are new",
    "problem": "a sentence: thing, problem, advice",
    "reader_mail": "the number of a mail to a reader",
    "readers": "how many people",
    "reason": "why, in words",
    "reference": "what the client was given, to find this line by",
    "review_mail": "the review mail's number",
    "rows": "how many rows",
    "slot": "the slot, by its clock",
    "state": "the edition's state",
    "status": "the HTTP status of the answer",
    "step": "what was being done",
    "text": "a library's own words",
    "times": "how often it happened: at first 1, then the number of each minute",
}
"""A field has one meaning, whichever event it belongs to."""


@dataclass(frozen=True, slots=True)
class LogEvent:
    """`message` is its sentence, with fields in braces; `when` says what has happened."""

    level: str
    message: str
    when: str
    fields: tuple[str, ...] = ()


AS_THEY_SAY = "as theirs"
"""The level of what libraries say: it is theirs, from warning up."""

EVENTS = {
    # The service.
    "database.refused": LogEvent(
        "warning",
        "nothing is done: {problem}",
        "The database is not this workspace's, or cannot be read: a tick does nothing.",
        ("problem",),
    ),
    "step.failed": LogEvent(
        "warning",
        "{problem}",
        "A part of a tick failed; the others were done.",
        ("step", "problem"),
    ),
    "step.crashed": LogEvent(
        "error",
        "a bug, in {step}",
        "A part of a tick failed by a bug of ours; the others were done.",
        ("step",),
    ),
    "job.failed": LogEvent(
        "warning",
        "{problem}",
        "A worker's job failed. Reconciling wakes for what is left.",
        ("job", "problem"),
    ),
    "job.crashed": LogEvent(
        "error",
        "a bug, in the job {job}",
        "A worker's job failed by a bug of ours.",
        ("job",),
    ),
    "worker.database_lost": LogEvent(
        "warning",
        "worker lost the database, trying again: {problem}",
        "A worker on PostgreSQL has lost its connection.",
        ("problem",),
    ),
    "worker.crashed": LogEvent(
        "error",
        "a bug in the worker, which begins anew",
        "A worker on PostgreSQL ended by a bug.",
    ),
    "wakeup.put_back": LogEvent(
        "warning",
        "wake-up not understood, put back",
        "A wake-up was written by another version, and is left to its workers.",
        ("envelope",),
    ),
    "library.said": LogEvent(
        AS_THEY_SAY,
        "{text}",
        "A library had something to say.",
        ("logger", "text"),
    ),
    # What people decide, where no row has their names.
    "edition.paused": LogEvent(
        "info",
        "edition {edition} is paused by {by}: {reason}",
        "Somebody has paused an edition.",
        ("campaign", "edition", "by", "reason"),
    ),
    "edition.resumed": LogEvent(
        "info",
        "edition {edition} may go on, says {by}",
        "Somebody lets a paused edition go on.",
        ("campaign", "edition", "by"),
    ),
    "channel.resumed": LogEvent(
        "info",
        "channel {channel} may be used again, says {by}",
        "Somebody lets a stopped channel be used again.",
        ("channel", "by"),
    ),
    "database.adopted": LogEvent(
        "info",
        "the database is the right one, says {by}",
        "Somebody goes on with a database that the workspace may not have known.",
        ("by",),
    ),
    "database.restored": LogEvent(
        "info",
        "the database is put back from a copy by {by}",
        "Somebody has put the database back.",
        ("by",),
    ),
    # Feeds and people.
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
    "subscribers.problem": LogEvent(
        "warning",
        "{problem}",
        "A file in `subscribers/` needs mending.",
        ("problem",),
    ),
    "ending.not_written": LogEvent(
        "warning",
        "an ending is kept in the database only: {problem}",
        "Who has left could not be written down beside the database.",
        ("problem",),
    ),
    # Editions.
    "slot.skipped": LogEvent(
        "warning",
        "slot {slot} of {campaign} skipped: {reason}",
        "A slot was passed over, as nobody was at work in its time.",
        ("campaign", "slot", "reason"),
    ),
    "slots.skipped": LogEvent(
        "warning",
        "{number} slots of {campaign} skipped, {first} to {last}: {reason}",
        "Many slots were passed over.",
        ("campaign", "number", "first", "last", "reason"),
    ),
    "run.skipped": LogEvent(
        "info",
        "no edition of {campaign}: {reason}",
        "A run has made no edition.",
        ("campaign", "reason"),
    ),
    "edition.composed": LogEvent(
        "info",
        "edition {edition} of {campaign} made, {state}",
        "A run has made an edition.",
        ("campaign", "edition", "state"),
    ),
    "edition.deadline_passed": LogEvent(
        "warning",
        "nobody decided about edition {edition} of {campaign} in time: {decision}",
        "The deadline of a review has passed.",
        ("campaign", "edition", "decision"),
    ),
    "edition.skipped": LogEvent(
        "warning",
        "edition {edition} of {campaign} skipped: {reason}",
        "An approved edition does not go out, as it is too late for it.",
        ("campaign", "edition", "reason"),
    ),
    "edition.addressed": LogEvent(
        "info",
        "edition {edition} of {campaign} addressed, deliveries: {deliveries}",
        "It is fixed who gets an edition, and it begins to go out.",
        ("campaign", "edition", "deliveries"),
    ),
    "edition.not_caught_up": LogEvent(
        "warning",
        "left out of catching up: {problem}",
        "Readers who changed cadence miss an earlier edition, as it is not what was approved.",
        ("problem",),
    ),
    "review_mail.accepted": LogEvent(
        "info",
        "review mail to {address} accepted: {about}",
        "The provider took a review mail.",
        ("about", "address"),
    ),
    "review_mail.failed": LogEvent(
        "warning",
        "{problem}",
        "A reviewer could not be told; the sentence says whether it is tried again.",
        ("problem",),
    ),
    "review_mail.crashed": LogEvent(
        "error",
        "a bug, at review mail {review_mail}",
        "A reviewer could not be told, by a bug of ours.",
        ("review_mail",),
    ),
    # Readers' own affairs. What is logged names none of them.
    "reader_mail.accepted": LogEvent(
        "info",
        "mail {reader_mail} to a reader accepted: {about}",
        "The provider took a mail to a reader about their own affairs.",
        ("about", "reader_mail"),
    ),
    "reader_mail.failed": LogEvent(
        "warning",
        "{problem}",
        "A reader could not be written to; the sentence says whether it is tried again.",
        ("problem", "reader_mail"),
    ),
    "reader_mail.crashed": LogEvent(
        "error",
        "a bug, at mail {reader_mail} to a reader",
        "A reader could not be written to, by a bug of ours.",
        ("reader_mail",),
    ),
    "welcome.made": LogEvent(
        "info",
        "edition {edition} is made for those who have just joined {campaign}: {readers}",
        "Those who have just come get the latest edition.",
        ("campaign", "edition", "readers"),
    ),
    "welcome.dropped": LogEvent(
        "info",
        "no welcome for {readers} who have joined {campaign}: {reason}",
        "Those who have just come get no edition before the next one.",
        ("campaign", "readers", "reason"),
    ),
    "sign_ups.reminded": LogEvent(
        "info",
        "reminded to confirm: {readers}",
        "A form reminds those who have not confirmed.",
        ("readers",),
    ),
    "sign_ups.forgotten": LogEvent(
        "info",
        "old sign-ups and mails to readers are forgotten: {rows}",
        "What nobody has confirmed, and mails to readers, are older than they are kept for.",
        ("rows",),
    ),
    "people.erased": LogEvent(
        "info",
        "erased, as they were kept long enough: {readers}",
        "People all of whose subscriptions have ended are older than `erase_after` says.",
        ("readers",),
    ),
    # Deliveries.
    "delivery.settled": LogEvent(
        "info",
        "deliveries of {campaign} over {channel} ended: {ended}",
        "A sending loop has ended; so many deliveries got their last state by it.",
        ("campaign", "edition", "channel", "ended"),
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
    "smtp.odd_answer": LogEvent(
        "warning",
        "{problem}",
        "A mail server said something about itself that cannot be understood.",
        ("problem",),
    ),
    # The readers' pages.
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
    "web.server_said": LogEvent(
        "warning",
        "web server: {text}",
        "The web server or its loop had something to say.",
        ("text", "error", "times"),
    ),
}
