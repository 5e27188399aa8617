# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of audit."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

from dispatch.client.calls import Calls
from dispatch.client.shapes.audit import AuditLine


class AuditGroup:
    """Operations of audit."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(
        self,
        *,
        by: str | None = None,
        kind: str | None = None,
        since: str | None = None,
        q: str | None = None,
        limit: int | None = None,
        act: str | None = None,
    ) -> Iterator[AuditLine]:
        """The lines of the audit log, the newest first."""
        return self._calls.pages(
            "/audit",
            query={"by": by, "kind": kind, "since": since, "q": q, "limit": limit, "act": act},
        )

    def export(
        self,
        *,
        by: str | None = None,
        kind: str | None = None,
        since: str | None = None,
        q: str | None = None,
    ) -> AbstractContextManager[Iterator[bytes]]:
        """The lines of the audit log as a CSV file, the newest first."""
        return self._calls.stream(
            "GET", "/audit.csv", query={"by": by, "kind": kind, "since": since, "q": q}
        )
