"""Whether a person may have an edition sent now; if not, what is to be done first."""

from dispatch.errors import Conflict
from dispatch.model.campaigns.approval import PASSED_OVER
from dispatch.model.editions.edition import Edition, EditionState


def sent_by(edition: Edition) -> str:
    """The command that sends what is due of an approved edition."""
    if edition.content.letter is not None:
        return f"dispatch editions send {edition.id[:8]}"
    return f"dispatch run {edition.campaign}"


def check_may_go_out(edition: Edition) -> None:
    """Raise Conflict unless the edition is approved, going out, or served already.

    Hours and slots are asked later: who approved it approved its time, too.
    """
    made, again = edition.id[:8], f"its posts are free: 'dispatch run {edition.campaign}' has them"
    if edition.content.letter is not None:
        again = "its page begins a copy of it"
    passed_over = edition.ended_by in PASSED_OVER
    by = f" by {edition.ended_by}" if edition.ended_by and not passed_over else ""
    why = f": {edition.reason}" if edition.reason else ""
    match edition.state:
        case EditionState.DRAFT:
            problem = "is a draft - its page asks for approval"
        case EditionState.IN_REVIEW:
            problem = f"waits for approval - 'dispatch editions approve {made}' lets it go out"
        case EditionState.CHANGES_REQUESTED:
            advice = f"make them with 'dispatch editions edit {made}', then approve it"
            problem = f"waits for changes, requested by {edition.note} - {advice}"
        case EditionState.PAUSED:
            problem = f"is paused{why} - 'dispatch editions resume {made}' lets it go on"
        case EditionState.CANCELLED:
            problem = f"was cancelled{by}{why} - nothing more of it goes out, for good"
        case EditionState.REJECTED:
            problem = f"was {'skipped' if passed_over else 'rejected'}{by}{why} - {again}"
        case _:
            return
    raise Conflict(f"edition {made} {problem}")
