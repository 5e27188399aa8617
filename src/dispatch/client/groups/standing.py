# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of standing."""

from collections.abc import Iterator

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.standing import StandingChanges, StandingPieceOf


class StandingGroup:
    """Operations of standing."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(self, *, limit: int | None = None) -> Iterator[StandingPieceOf]:
        """The pieces that come again, and those that rest, the newest first."""
        return self._calls.pages("/standing", query={"limit": limit})

    def show(self, number: str) -> StandingPieceOf:
        """One that comes again."""
        answer: StandingPieceOf = self._calls.ask("GET", f"/standing/{part(number)}")
        return answer

    def change(self, number: str, body: StandingChanges) -> StandingPieceOf:
        """Change what it says, where it comes, and until when: after its last day, take it up
        anew.
        """
        answer: StandingPieceOf = self._calls.ask(
            "PATCH", f"/standing/{part(number)}", body=body, matches=True
        )
        return answer

    def end(self, number: str, *, key: str = "") -> StandingPieceOf:
        """Have it come no more."""
        answer: StandingPieceOf = self._calls.ask("POST", f"/standing/{part(number)}/end", key=key)
        return answer
