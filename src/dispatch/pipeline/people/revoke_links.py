"""The links to somebody's choices that went out so far are made useless, on somebody's word."""

from dispatch.clock import Clock
from dispatch.errors import NotFound
from dispatch.store.transactions import Store


def revoke_links(email: str, *, source: str, store: Store, clock: Clock) -> None:
    """Letters from now on have new ones; by the old ones one can still leave. Raises NotFound."""
    with store.begin() as tx:
        person = tx.subscribers.find(email)
        if person is None:
            raise NotFound(f"{email}: no such subscriber - see 'dispatch subscribers list'")
        tx.preferences.revoke_links(person.id, source=source, now=clock())
