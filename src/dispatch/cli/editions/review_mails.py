"""What reviewers were told about an edition, as `editions show` has it."""

from typing import TYPE_CHECKING

from dispatch.cli.output.console import show

if TYPE_CHECKING:
    from dispatch.model.editions.review_mail import Notice


def notice_row(notice: "Notice") -> dict[str, object]:
    """One notice as a row."""
    return {
        "address": notice.address,
        "about": notice.about.value,
        "state": notice.state.value,
        "told_at": notice.accepted,
        "due": notice.due,
        "reason": notice.reason,
    }


def show_notices(notices: "list[Notice]") -> None:
    """A table, where the edition has any."""
    if notices:
        rows = [
            {
                "reviewer": one.address,
                "about": one.about.value,
                "told": _when(one),
                "why_not": one.reason,
            }
            for one in notices
        ]
        show("Reviewers", ("reviewer", "about", "told", "why_not"), rows, as_json=False)


def _when(notice: "Notice") -> str:
    from dispatch.model.editions.review_mail import NoticeState

    if notice.accepted is not None:
        return f"{notice.accepted:%Y-%m-%d %H:%M} UTC"
    if notice.lease_until is not None:
        return f"in hand, until {notice.lease_until:%H:%M} UTC at most"
    if notice.state is NoticeState.WAITING:
        return f"due {notice.due:%Y-%m-%d %H:%M} UTC"
    return notice.state.value
