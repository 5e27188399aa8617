"""Whom somebody means who names an address beside `--recipient`."""

from typing import TYPE_CHECKING

from dispatch.cli.arguments import checked_address

if TYPE_CHECKING:
    from dispatch.model.people.subscriber import Subscriber
    from dispatch.store.transactions import Transaction


def reader_at(text: str, tx: "Transaction") -> "Subscriber":
    """The person with an address; raises BadInput for no address, NotFound for nobody's."""
    from dispatch.errors import NotFound
    from dispatch.model.text.suggestions import asked, closest

    email = checked_address(text)
    if (person := tx.subscribers.find(email)) is not None:
        return person
    near = closest(email, tx.consents.near(email))
    advice = asked(near) if near else "see 'dispatch subscribers list TEXT'"
    raise NotFound(f"{email}: nobody with this address is here - {advice}")
