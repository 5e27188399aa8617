"""Leaving by the mail that mail programs write for somebody (RFC 2369)."""

import re

from dispatch.clock import Clock
from dispatch.errors import NotFound
from dispatch.model.people.subscriber import NOBODY
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.tokens import Bearer
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.find_reader import find_reader
from dispatch.pipeline.people.leave import leave
from dispatch.pipeline.people.subscribe import end_unknown_subscription
from dispatch.store.transactions import Store

BY_MAIL = "unsubscribe mail"

_SAID = re.compile(r"\bunsubscribe\s+(.+)", re.IGNORECASE)


def leave_by_mail(
    subject: str, *, links: SignedLinks, store: Store, clock: Clock, endings: Endings
) -> bool:
    """End the subscription that the subject of a mail names; False where it names none.

    Who wrote the mail does not count, as anybody can write anybody's name: the token in the
    subject is what only the reader has. A second time nothing changes.
    """
    bearer = _bearer(subject, links)
    if bearer is None or bearer.public_id == NOBODY:
        return False
    reader = find_reader(bearer, store=store)
    if reader is not None:
        audiences = [bearer.audience]
        leave(reader, audiences, source=BY_MAIL, store=store, clock=clock, endings=endings)
        return True
    if bearer.public_id:
        end_unknown_subscription(bearer.public_id, bearer.audience, store=store, endings=endings)
    return bool(bearer.public_id)


def _bearer(subject: str, links: SignedLinks) -> Bearer | None:
    found = _SAID.search(subject)
    if found is None:
        return None
    words = found[1].split()
    for token in (words[0], "".join(words)):  # a program may have broken it
        try:
            return links.read_unsubscribe(token)
        except NotFound:
            continue
    return None
