"""Who is told things, as the file says it now."""

from dispatch.clock import Clock
from dispatch.config.workspace import Workspace
from dispatch.store.transactions import Store


def follow_receivers(workspace: Workspace, *, store: Store, clock: Clock) -> None:
    """Bring those who are told things in step with `notify:`; where nothing differs, nothing is."""
    with store.read() as tx:
        if tx.receivers.are_as(workspace.notify):
            return
    with store.begin() as tx:
        tx.receivers.follow(workspace.notify, now=clock())
