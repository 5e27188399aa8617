# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of editions."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Literal

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.common import (
    Decided,
    DeliveryState,
    EditionApproval,
    EditionRow,
    ShownRun,
)
from dispatch.client.shapes.editions import (
    ApprovalRequest,
    ChosenDeliveries,
    CorrectedPost,
    DeliveryRow,
    EditOf,
    EditionCancellation,
    EditionChanges,
    EditionChecks,
    EditionPause,
    EditionProgress,
    EditionRejection,
    EditionTest,
    MovedDeliveries,
    NewPiece,
    PieceChanges,
    PieceOf,
    PostCorrection,
    PreviewedDigest,
    PreviewedSnippets,
    ResolvedDeliveries,
    RetriedDeliveries,
    ShownEdition,
    TestedEdition,
    WantedChanges,
)


class EditionsGroup:
    """Operations of editions."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(
        self,
        *,
        limit: int | None = None,
        state: Literal["", "draft", "in review", "changes requested", "approved", "scheduled", "sending", "paused", "finished", "partly failed", "skipped", "rejected", "cancelled"] | None = None,
        q: str | None = None,
        campaign: str | None = None,
    ) -> Iterator[EditionRow]:
        """Editions, letters among them, and slots that made none, the newest first."""
        return self._calls.pages(
            "/editions", query={"limit": limit, "state": state, "q": q, "campaign": campaign}
        )

    def show(self, edition_id: str) -> ShownEdition:
        """What an edition says, and where it stands."""
        answer: ShownEdition = self._calls.ask("GET", f"/editions/{part(edition_id)}")
        return answer

    def edit(self, edition_id: str, body: EditionChanges) -> ShownEdition:
        """Change an edition's words, posts and snippets."""
        answer: ShownEdition = self._calls.ask(
            "PATCH", f"/editions/{part(edition_id)}", body=body, matches=True
        )
        return answer

    def preview_digest(
        self, edition_id: str, *, language: str | None = None, subscriber: str | None = None
    ) -> PreviewedDigest:
        """The digest of an edition, as a typical reader would get it, or a real one."""
        answer: PreviewedDigest = self._calls.ask(
            "GET",
            f"/editions/{part(edition_id)}/digest",
            query={"language": language, "subscriber": subscriber},
        )
        return answer

    def preview_snippets(self, edition_id: str, *, channel: str | None = None) -> PreviewedSnippets:
        """The snippets of an edition, as they would go out."""
        answer: PreviewedSnippets = self._calls.ask(
            "GET", f"/editions/{part(edition_id)}/snippets", query={"channel": channel}
        )
        return answer

    def check(self, edition_id: str) -> EditionChecks:
        """What an edition's checks find, the worst first; nobody is asked anything."""
        answer: EditionChecks = self._calls.ask("GET", f"/editions/{part(edition_id)}/checks")
        return answer

    def show_progress(self, edition_id: str) -> EditionProgress:
        """How far an edition has come: how many deliveries are in which state, and what came
        later.
        """
        answer: EditionProgress = self._calls.ask("GET", f"/editions/{part(edition_id)}/progress")
        return answer

    def list_pieces(self, edition_id: str) -> Iterator[PieceOf]:
        """What the team wrote into an edition, in the order of reading: 100 pieces at most."""
        return self._calls.pages(f"/editions/{part(edition_id)}/pieces")

    def add_piece(self, edition_id: str, body: NewPiece, *, key: str = "") -> PieceOf:
        """Write a new piece into an edition."""
        answer: PieceOf = self._calls.ask(
            "POST", f"/editions/{part(edition_id)}/pieces", body=body, key=key
        )
        return answer

    def show_piece(self, edition_id: str, piece: str) -> PieceOf:
        """One piece of an edition."""
        answer: PieceOf = self._calls.ask(
            "GET", f"/editions/{part(edition_id)}/pieces/{part(piece)}"
        )
        return answer

    def edit_piece(self, edition_id: str, piece: str, body: PieceChanges) -> PieceOf:
        """Change what a piece says, wherever it stands; others may write the other pieces
        meanwhile.
        """
        answer: PieceOf = self._calls.ask(
            "PATCH", f"/editions/{part(edition_id)}/pieces/{part(piece)}", body=body, matches=True
        )
        return answer

    def take_out_piece(self, edition_id: str, piece: str) -> None:
        """Take a piece out of an edition."""
        self._calls.ask(
            "DELETE", f"/editions/{part(edition_id)}/pieces/{part(piece)}", matches=True
        )

    def ask_approval(self, edition_id: str, body: ApprovalRequest, *, key: str = "") -> Decided:
        """Ask for approval: those who approve are told."""
        answer: Decided = self._calls.ask(
            "POST", f"/editions/{part(edition_id)}/ready", body=body, key=key
        )
        return answer

    def take_back(self, edition_id: str, *, key: str = "") -> Decided:
        """Have what is approved wait for a decision again."""
        answer: Decided = self._calls.ask(
            "POST", f"/editions/{part(edition_id)}/take-back", key=key
        )
        return answer

    def request_changes(self, edition_id: str, body: WantedChanges, *, key: str = "") -> Decided:
        """Have an edition wait for an edit."""
        answer: Decided = self._calls.ask(
            "POST", f"/editions/{part(edition_id)}/request-changes", body=body, key=key
        )
        return answer

    def approve(self, edition_id: str, body: EditionApproval, *, key: str = "") -> Decided:
        """Let an edition go out as it was looked at."""
        answer: Decided = self._calls.ask(
            "POST", f"/editions/{part(edition_id)}/approve", body=body, key=key
        )
        return answer

    def reject(self, edition_id: str, body: EditionRejection, *, key: str = "") -> Decided:
        """Drop an edition for good; its posts wait for the next one."""
        answer: Decided = self._calls.ask(
            "POST", f"/editions/{part(edition_id)}/reject", body=body, key=key
        )
        return answer

    def pause(self, edition_id: str, body: EditionPause, *, key: str = "") -> Decided:
        """Let nothing more of an edition leave, on any machine, until somebody resumes it."""
        answer: Decided = self._calls.ask(
            "POST", f"/editions/{part(edition_id)}/pause", body=body, key=key
        )
        return answer

    def resume(self, edition_id: str, *, key: str = "") -> Decided:
        """Let a paused edition go on."""
        answer: Decided = self._calls.ask("POST", f"/editions/{part(edition_id)}/resume", key=key)
        return answer

    def cancel(self, edition_id: str, body: EditionCancellation, *, key: str = "") -> Decided:
        """End an edition: who has not got it does not get it any more."""
        answer: Decided = self._calls.ask(
            "POST", f"/editions/{part(edition_id)}/cancel", body=body, key=key
        )
        return answer

    def retry_failed(
        self, edition_id: str, body: RetriedDeliveries, *, key: str = ""
    ) -> MovedDeliveries:
        """Send again what has failed: all of it, or what is chosen."""
        answer: MovedDeliveries = self._calls.ask(
            "POST", f"/editions/{part(edition_id)}/retry-failed", body=body, key=key
        )
        return answer

    def resolve_unknown(
        self, edition_id: str, body: ResolvedDeliveries, *, key: str = ""
    ) -> MovedDeliveries:
        """Decide about what may have arrived: sent again, or counted as accepted."""
        answer: MovedDeliveries = self._calls.ask(
            "POST", f"/editions/{part(edition_id)}/resolve", body=body, key=key
        )
        return answer

    def tell_edition_again(
        self, edition_id: str, body: ChosenDeliveries, *, key: str = ""
    ) -> MovedDeliveries:
        """Tell an account all the same what another edition has told it already."""
        answer: MovedDeliveries = self._calls.ask(
            "POST", f"/editions/{part(edition_id)}/tell-again", body=body, key=key
        )
        return answer

    def correct_post(
        self, edition_id: str, body: PostCorrection, *, key: str = ""
    ) -> CorrectedPost:
        """Have what stands on a network say something else."""
        answer: CorrectedPost = self._calls.ask(
            "POST", f"/editions/{part(edition_id)}/correct", body=body, key=key
        )
        return answer

    def test(self, edition_id: str, body: EditionTest, *, key: str = "") -> TestedEdition:
        """Send the digest as a test, to who made the token or, with the right `mend`, to
        anybody.
        """
        answer: TestedEdition = self._calls.ask(
            "POST", f"/editions/{part(edition_id)}/test", body=body, key=key
        )
        return answer

    def list_deliveries(
        self, edition_id: str, *, limit: int | None = None, state: DeliveryState | None = None
    ) -> Iterator[DeliveryRow]:
        """The deliveries of an edition, one by one."""
        return self._calls.pages(
            f"/editions/{part(edition_id)}/deliveries", query={"limit": limit, "state": state}
        )

    def list_edition_changes(self, edition_id: str) -> Iterator[EditOf]:
        """Every edit of an edition, the newest first."""
        return self._calls.pages(f"/editions/{part(edition_id)}/changes")

    def export_mail(
        self, edition_id: str, *, language: str | None = None, subscriber: str | None = None
    ) -> AbstractContextManager[Iterator[bytes]]:
        """The digest as a file that mail programs open, as a typical reader would get it."""
        return self._calls.stream(
            "GET",
            f"/editions/{part(edition_id)}/edition.eml",
            query={"language": language, "subscriber": subscriber},
        )

    def export_deliveries(
        self, edition_id: str, *, state: DeliveryState | Literal["", "missed"] | None = None
    ) -> AbstractContextManager[Iterator[bytes]]:
        """The deliveries of an edition as a CSV file."""
        return self._calls.stream(
            "GET", f"/editions/{part(edition_id)}/deliveries.csv", query={"state": state}
        )

    def show_run_of(self, edition_id: str) -> ShownRun:
        """The run that made an edition; a letter and a welcome have none."""
        answer: ShownRun = self._calls.ask("GET", f"/editions/{part(edition_id)}/run")
        return answer
