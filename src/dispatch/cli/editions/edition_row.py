"""What there is to say of an edition beside its posts and texts."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.model.editions.edition import Edition


def why(edition: "Edition") -> str:
    """Why it is there, or how it ended."""
    welcome = f"welcome of {edition.welcome_of[:8]}" if edition.welcome_of else ""
    return "; ".join(filter(None, (welcome, edition.reason)))


def welcome_of(edition: "Edition") -> str:
    """Which edition it says once more, for people."""
    if not edition.welcome_of:
        return ""
    return f"edition {edition.welcome_of[:8]}, for those who joined after it had gone out"


def deadline(edition: "Edition") -> str:
    """Until when somebody may decide, and what happens then."""
    from dispatch.model.editions.edition import UNDECIDED

    review = edition.review
    if review.deadline is None or edition.state not in UNDECIDED:
        return ""
    return f"{review.deadline:%Y-%m-%d %H:%M} UTC, otherwise {review.otherwise}"


def edition_row(edition: "Edition", stage: str, now: "datetime") -> dict[str, object]:
    """One edition as a row; `stage` is the word for where it stands."""
    return {
        "edition": edition.id[:8],
        "id": edition.id,
        "campaign": edition.campaign,
        "slot": edition.slot_key,
        "state": edition.state.value,
        "stage": stage,
        "posts": len(edition.content.posts),
        "fingerprint": edition.fingerprint,
        "approved_by": edition.approved_by,
        "reason": edition.reason,
        "ended_by": edition.ended_by,
        "author": edition.author,
        "note": edition.note,
        "deadline": edition.review.deadline,
        "goes_out_utc": edition.waits_until(now),
        "created": edition.created,
        "welcome_of": edition.welcome_of,
    }
