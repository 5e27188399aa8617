"""Whose link it is: the reader in this database whom a token names."""

from dispatch.model.people.subscriber import Subscriber
from dispatch.pipeline.messages.tokens import Bearer
from dispatch.store.transactions import Store


def find_reader(bearer: Bearer, *, store: Store) -> Subscriber | None:
    """The person; None where this database knows nobody by that name.

    An old link's number is somebody else's in a database that was made since.
    """
    with store.read() as tx:
        if bearer.number is None:
            return tx.subscribers.by_public_id(bearer.public_id)
        if bearer.number > tx.identity.get().old_links:
            return None
        return tx.subscribers.get([bearer.number]).get(bearer.number)
