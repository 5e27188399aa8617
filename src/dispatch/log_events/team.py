"""What is said of signing in and of mails to the team, which names nobody."""

from dispatch.log_events.event import LogEvent

EVENTS = {
    "team_mail.accepted": LogEvent(
        "info",
        "mail {team_mail} to the team accepted: {about}",
        "The provider took a mail to somebody of the team, such as an invitation.",
        ("about", "team_mail"),
    ),
    "team_mail.failed": LogEvent(
        "warning",
        "{problem}",
        "Somebody of the team could not be written to; it says whether that is tried again.",
        ("problem", "team_mail"),
    ),
    "sign_in.service_failed": LogEvent(
        "warning",
        "{problem}",
        "The sign-in service could not be asked, or what it said proves nothing.",
        ("problem",),
    ),
    "team_mail.crashed": LogEvent(
        "error",
        "a bug, at mail {team_mail} to the team",
        "Somebody of the team could not be written to, by a bug of ours.",
        ("team_mail",),
    ),
}
