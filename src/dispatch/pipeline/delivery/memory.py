"""The workspace remembers how old its database is, before anything leaves.

A copy from before is an older one then, also if it is of the same batch.
"""

from datetime import datetime

from dispatch.errors import BadInput, StoreUnavailable, UnknownDatabase
from dispatch.model.workspace.database_identity import Identity
from dispatch.pipeline.delivery.sending_tools import SendingTools
from dispatch.store.delivery.ledger import Chunk

SYNC_SECONDS = 0.2
"""How often the disk is waited for, to remember how old the database is: a process that is killed
forgets nothing, and a power cut no more than this."""

GROW_SECONDS = 0.5
"""How often a database on a server grows older in the middle of a batch: each time is a commit."""


class Memory:
    """What one loop has the workspace remember; `synced` is when the disk last had that."""

    def __init__(self, tools: SendingTools, synced: datetime | None = None) -> None:
        self._tools = tools
        self._synced = synced

    def of_batch(
        self, grown: Identity, *, now: datetime, is_last: bool, is_on_disk: bool = True
    ) -> None:
        """A batch was put back or taken. Raises as `Guard.note`."""
        self._note(grown, now, grown.age if is_on_disk else 0, is_last=is_last)

    def of_chunk(self, chunk: Chunk) -> str:
        """Something is to be handed over; why that could not be remembered, or nothing."""
        tools, now = self._tools, self._tools.clock()
        grown, on_disk = chunk.grown, chunk.age_on_disk
        try:
            if grown is None and tools.store.is_shared and self._is_past(GROW_SECONDS, now):
                with tools.store.begin() as tx:
                    grown = tx.identity.grow(tools.guard.workspace)
                on_disk = grown.age
            if grown is not None:
                self._note(grown, now, on_disk)
        except (BadInput, StoreUnavailable, UnknownDatabase) as error:
            return f"{error}; nothing was handed over"
        return ""

    def _note(self, grown: Identity, now: datetime, on_disk: int, *, is_last: bool = False) -> None:
        tools = self._tools
        durable = is_last or tools.store.is_shared or self._is_past(SYNC_SECONDS, now)
        tools.guard.note(grown, tools.store, durable=durable, on_disk=on_disk)
        self._synced = now if durable else self._synced

    def _is_past(self, seconds: float, now: datetime) -> bool:
        return self._synced is None or (now - self._synced).total_seconds() >= seconds
