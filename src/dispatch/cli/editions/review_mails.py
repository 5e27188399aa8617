"""What reviewers were told about an edition, as `editions show` has it."""

from typing import TYPE_CHECKING

from dispatch.cli.output.console import show

if TYPE_CHECKING:
    from dispatch.model.editions.review_mail import ReviewMail


def review_mail_row(review_mail: "ReviewMail") -> dict[str, object]:
    """One review mail as a row."""
    return {
        "address": review_mail.address,
        "about": review_mail.about.value,
        "state": review_mail.state.value,
        "told_at": review_mail.accepted,
        "due": review_mail.due,
        "reason": review_mail.reason,
    }


def show_review_mails(review_mails: "list[ReviewMail]") -> None:
    """A table, where the edition has any."""
    if review_mails:
        rows = [
            {
                "reviewer": one.address,
                "about": one.about.value,
                "told": _when(one),
                "why_not": one.reason,
            }
            for one in review_mails
        ]
        show("Reviewers", ("reviewer", "about", "told", "why_not"), rows, as_json=False)


def _when(review_mail: "ReviewMail") -> str:
    from dispatch.model.delivery.single_mail import MailState

    if review_mail.accepted is not None:
        return f"{review_mail.accepted:%Y-%m-%d %H:%M} UTC"
    if review_mail.lease_until is not None:
        return f"in hand, until {review_mail.lease_until:%H:%M} UTC at most"
    if review_mail.state is MailState.WAITING:
        return f"due {review_mail.due:%Y-%m-%d %H:%M} UTC"
    return review_mail.state.value
