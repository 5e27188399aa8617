# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of audit."""

from collections.abc import Iterator

from dispatch.client.calls import Calls
from dispatch.client.shapes.audit import AuditLine


class AuditGroup:
    """Operations of audit."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(
        self,
        *,
        limit: int | None = None,
        by: str | None = None,
        act: str | None = None,
        kind: str | None = None,
        since: str | None = None,
        q: str | None = None,
    ) -> Iterator[AuditLine]:
        """The lines of the audit log, the newest first."""
        return self._calls.pages(
            "/audit",
            query={"limit": limit, "by": by, "act": act, "kind": kind, "since": since, "q": q},
        )
