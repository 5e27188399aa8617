"""Which delivery a mail that came back tells of, and how that is proved.

Anybody can write to a mailbox. What a mail tells counts for a delivery only where whoever wrote it
has had the mail that we sent: by the token in its envelope's sender, or, where a server has
lost that, by our Message-ID together with the reader's own signed link in what was returned.
Whoever has these can end the subscription anyway.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from dispatch.channels.bounces.returned import Returned
from dispatch.errors import NotFound
from dispatch.model.people.subscriber import NOBODY, email_key
from dispatch.pipeline.events.clean import spelled
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.return_addresses import key_in, read_tokens
from dispatch.store.events.told import OfDelivery
from dispatch.store.transactions import Transaction

MOST_TRIED = 20
"""Tokens of one mail that are tried: a forged one costs a hash for each key that we ever had."""

_LINK = re.compile(rb"/unsubscribe/(\w{58,200})")
_SOFT_BREAK = re.compile(rb"=\r?\n")
_OURS = re.compile(r"([^.@\s]+)\.([0-9]{1,18})@")

Came = tuple[Returned, bytes]
"""A mail as it was read, and as it came."""


def trace_returned(
    mails: Sequence[Came], *, tx: Transaction, links: SignedLinks
) -> list[OfDelivery | None]:
    """Of each mail the delivery that it tells of; None where there is none, or no proof."""
    keys = {key for returned, _ in mails for key in _keys(returned)}
    known = tx.events.deliveries(keys)
    return [
        _by_token(one, known, links) or _by_message_id(one, raw, known, tx, links)
        for one, raw in mails
    ]


def _keys(returned: Returned) -> Iterator[int]:
    for token in _tokens(returned):
        yield key_in(token)
    for _, key in _ours(returned):
        yield key


def _tokens(returned: Returned) -> Iterator[str]:
    return islice(read_tokens(returned.tokens), MOST_TRIED)


def _ours(returned: Returned) -> Iterator[tuple[str, int]]:
    """The edition's id and the delivery's key in Message-IDs that are of our form."""
    for one in returned.message_ids[:MOST_TRIED]:
        if found := _OURS.match(one):
            yield found[1], int(found[2])


def _by_token(
    returned: Returned, known: Mapping[int, OfDelivery], links: SignedLinks
) -> OfDelivery | None:
    """Whomever a report of our mail names: they may have had it forwarded."""
    for token in _tokens(returned):
        delivery = known.get(key_in(token))
        if (
            delivery
            and links.returns.is_of(token, delivery.edition_id)
            and _is_of_our_mail(returned, delivery)
        ):
            return delivery
    return None


def _by_message_id(
    returned: Returned,
    raw: bytes,
    known: Mapping[int, OfDelivery],
    tx: Transaction,
    links: SignedLinks,
) -> OfDelivery | None:
    for edition_id, key in _ours(returned):
        delivery = known.get(key)
        if (
            delivery
            and delivery.edition_id == edition_id
            and _names(returned, delivery.recipient)
            and _has_link_of(delivery, raw, tx, links)
        ):
            return delivery
    return None


def _is_of_our_mail(returned: Returned, delivery: OfDelivery) -> bool:
    """Whether a report to an address of ours is of what we sent from it.

    Spammers collect such addresses, write in their name, and write to them as if they were
    somebody's mailbox.
    """
    named = _named(returned)
    if email_key(delivery.recipient) in named:
        return True
    if returned.message_ids:
        ours = f"{delivery.edition_id}.{delivery.key}@"
        return any(one.startswith(ours) for one in returned.message_ids)
    return not named or not named <= {email_key(spelled(one)) for one in returned.to}


def _names(returned: Returned, recipient: str) -> bool:
    """Whether the report is about this address; a complaint may keep to itself whose it is."""
    told = _named(returned)
    return not told or email_key(recipient) in told


def _named(returned: Returned) -> set[str]:
    told = (name for fate in returned.fates for name in (fate.recipient, fate.final) if name)
    return {email_key(spelled(one)) for one in told}


def _has_link_of(delivery: OfDelivery, raw: bytes, tx: Transaction, links: SignedLinks) -> bool:
    if delivery.subscriber_id is None:
        return False
    reader = tx.subscribers.get([delivery.subscriber_id]).get(delivery.subscriber_id)
    return reader is not None and reader.public_id in _bearers(raw, links)


def _bearers(raw: bytes, links: SignedLinks) -> set[str]:
    """The public ids in links by which readers leave, as far as we made them."""
    whole = _SOFT_BREAK.sub(b"", raw)
    tokens = dict.fromkeys(found[1].decode() for found in _LINK.finditer(whole))
    bearers = set()
    for token in islice(tokens, MOST_TRIED):
        try:
            bearers.add(links.read_unsubscribe(token).public_id)
        except NotFound:
            continue
    return bearers - {"", NOBODY}
