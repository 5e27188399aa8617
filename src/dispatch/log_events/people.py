"""What is said of people, and of mails about their own affairs, which names none of them."""

from dispatch.log_events.event import LogEvent

EVENTS = {
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
    "pauses.over": LogEvent(
        "info",
        "{number} pauses are over",
        "Readers get again what they had paused, as the day has come that they chose.",
        ("number",),
    ),
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
}
