"""Whose link it is: the reader in this database whom a token names."""

from dispatch.errors import LinkOver
from dispatch.model.people.subscriber import NOBODY, Subscriber
from dispatch.pipeline.messages.links import LINK_VERSIONS
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


def find_chooser(bearer: Bearer, *, store: Store) -> Subscriber | None:
    """Whose choices a link is for; None where it is nobody's, as in a test mail.

    Raises LinkOver for one of an earlier version than the reader's links are of now, and for
    somebody who is not here any more.
    """
    reader = find_reader(bearer, store=store)
    if bearer.public_id == NOBODY:
        return None
    if reader is None:
        raise LinkOver("preferences link: nobody's any more - ask for a new one")
    if bearer.version != reader.link_version % LINK_VERSIONS:
        raise LinkOver("preferences link: newer ones have replaced it - ask for a new one")
    return reader
