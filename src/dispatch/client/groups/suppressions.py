# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of suppressions."""

from collections.abc import Iterable, Iterator

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.common import SuppressionLine
from dispatch.client.shapes.suppressions import Lifting, NewSuppression, TakenIn, What


class SuppressionsGroup:
    """Operations of suppressions."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(
        self, *, limit: int | None = None, what: What | None = None, q: str | None = None
    ) -> Iterator[SuppressionLine]:
        """Addresses, or domains, to which nothing goes, the newest first."""
        return self._calls.pages("/suppressions", query={"limit": limit, "what": what, "q": q})

    def add(self, body: NewSuppression, *, key: str = "") -> SuppressionLine:
        """Never mail an address again, or anybody at a domain; 200 where that was so already."""
        answer: SuppressionLine = self._calls.ask("POST", "/suppressions", body=body, key=key)
        return answer

    def import_suppressions(
        self,
        content: bytes | str | Iterable[bytes],
        *,
        name: str | None = None,
        reason: str | None = None,
        key: str = "",
    ) -> TakenIn:
        """Suppress all that a CSV file names; rows that make no sense are told, the others
        count.
        """
        answer: TakenIn = self._calls.ask(
            "POST",
            "/suppressions/import",
            content=content,
            kind="text/csv",
            key=key,
            query={"name": name, "reason": reason},
        )
        return answer

    def show(self, suppression_id: str) -> SuppressionLine:
        """One of them."""
        answer: SuppressionLine = self._calls.ask("GET", f"/suppressions/{part(suppression_id)}")
        return answer

    def lift(self, suppression_id: str, body: Lifting, *, key: str = "") -> None:
        """Let an address or domain be mailed again."""
        self._calls.ask("POST", f"/suppressions/{part(suppression_id)}/lift", body=body, key=key)
