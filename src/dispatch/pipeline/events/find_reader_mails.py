"""Find the mail about their own affairs that an event is of: to confirm a sign-up, and such."""

import re
from collections.abc import Iterable

from dispatch.model.delivery.event import Event
from dispatch.store.transactions import Transaction

_NAME = re.compile(r".+\.reader-mail-([0-9]{1,18})", re.ASCII | re.DOTALL)


def find_reader_mails(events: Iterable[Event], *, tx: Transaction) -> dict[str, str]:
    """Ids of our messages, as events name them, to the address that each went to."""
    named = (_NAME.fullmatch(one.delivery) for one in events)
    numbers = {int(found[1]) for found in named if found}
    if not numbers:
        return {}
    return {one.message_id: one.address for one in tx.reader_mails.by_numbers(numbers)}
