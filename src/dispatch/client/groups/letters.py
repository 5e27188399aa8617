# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of letters."""

from collections.abc import Iterator
from typing import Literal

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.common import Decided, EditionApproval, EditionRow
from dispatch.client.shapes.letters import Letter, LetterChanges, LetterReaders, NewLetter


class LettersGroup:
    """Operations of letters."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(
        self,
        *,
        limit: int | None = None,
        state: Literal["", "draft", "in review", "changes requested", "approved", "scheduled", "sending", "paused", "finished", "partly failed", "skipped", "rejected", "cancelled"] | None = None,
        q: str | None = None,
    ) -> Iterator[EditionRow]:
        """The letters, the newest first."""
        return self._calls.pages("/letters", query={"limit": limit, "state": state, "q": q})

    def begin(self, body: NewLetter, *, key: str = "") -> Letter:
        """Begin a letter: empty, or with the words and pieces of an edition. It is a draft."""
        answer: Letter = self._calls.ask("POST", "/letters", body=body, key=key)
        return answer

    def show(self, letter_id: str) -> Letter:
        """Whom a letter is for, and when."""
        answer: Letter = self._calls.ask("GET", f"/letters/{part(letter_id)}")
        return answer

    def change(self, letter_id: str, body: LetterChanges) -> Letter:
        """Say whom a letter is for, and when; what was approved waits for approval again."""
        answer: Letter = self._calls.ask(
            "PATCH", f"/letters/{part(letter_id)}", body=body, matches=True
        )
        return answer

    def count_letter_readers(
        self, letter_id: str, *, audience: str | None = None, segment: str | None = None
    ) -> LetterReaders:
        """How many get a letter, if it went now; others than its own only with the right
        `write`.
        """
        answer: LetterReaders = self._calls.ask(
            "GET",
            f"/letters/{part(letter_id)}/readers",
            query={"audience": audience, "segment": segment},
        )
        return answer

    def send(self, letter_id: str, body: EditionApproval, *, key: str = "") -> Decided:
        """Let a draft go that nobody else has to approve, as it was looked at, at its time."""
        answer: Decided = self._calls.ask(
            "POST", f"/letters/{part(letter_id)}/send", body=body, key=key
        )
        return answer

    def throw_away(self, letter_id: str, *, key: str = "") -> Decided:
        """End a letter that is not approved."""
        answer: Decided = self._calls.ask("POST", f"/letters/{part(letter_id)}/throw-away", key=key)
        return answer
