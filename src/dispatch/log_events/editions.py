"""What is said of slots, runs, editions, and their reviews."""

from dispatch.log_events.event import LogEvent

EVENTS = {
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
    "edition.card_incomplete": LogEvent(
        "info",
        "beside post {post} of {campaign} something is missing: {problem}",
        "The card of a post's link, or its picture, is not all that it could be.",
        ("campaign", "post", "problem"),
    ),
    "edition.card_crashed": LogEvent(
        "warning",
        "what stands beside post {post} made dispatch fail - report it",
        "The page or picture of a post made dispatch fail; its snippet goes out without.",
        ("post",),
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
    "pictures.forgotten": LogEvent(
        "info",
        "{number} old pictures forgotten",
        "Pictures of posts were removed, as no edition shows them any more.",
        ("number",),
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
}
