"""A reader moves to another address: asked for on their page, confirmed at the new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.clock import Clock
from dispatch.errors import LinkOver, NotFound
from dispatch.ids import Ids
from dispatch.model.people.address_change import MOST_A_DAY, AddressChange
from dispatch.model.people.ending import Ending
from dispatch.model.people.form import BY_LINK
from dispatch.model.people.reader_mail import MOST_A_DAY as MOST_MAILS_A_DAY
from dispatch.model.people.reader_mail import Topic
from dispatch.model.people.record import Trace
from dispatch.model.people.subscriber import (
    MOVED_HERE,
    Consent,
    Subscriber,
    SubscriptionState,
    email_key,
)
from dispatch.pipeline.people.endings import Endings
from dispatch.store.transactions import Store, Transaction

DAY = timedelta(days=1)
SOURCE = "moved to another address"
TO_ANOTHER = "moved to an address that is here already"

_HERE = {SubscriptionState.ACTIVE, SubscriptionState.PAUSED}


@dataclass(frozen=True, slots=True)
class Moved:
    """Who has this address from now on; not `new`: it was confirmed before.

    `joined_another` says that somebody had it already, who goes on in place of who moved.
    """

    reader: Subscriber
    old_email: str
    new: bool = True
    joined_another: bool = False


def ask_for_new_address(
    reader: Subscriber, email: str, *, via: str, locale: str, store: Store, clock: Clock, ids: Ids
) -> bool:
    """Have the new address asked whether it is theirs; False if that is the one they have.

    Nothing tells whoever asks what is known of that address. What is asked too often goes out no
    more that day.
    """
    if email_key(email) == email_key(reader.email):
        return False
    with store.begin() as tx:
        now = clock()
        since = now - DAY
        if tx.preferences.lock(reader.id) is None:
            raise NotFound("nobody is there by that link any more - nothing was changed")
        if tx.address_changes.count_since(reader.id, since) >= MOST_A_DAY:
            return True
        last = tx.address_changes.last(reader.id)
        again = last and email_key(last.email) == email_key(email) and not last.confirmed
        if again and last and now - last.asked < timedelta(minutes=10):
            return True  # a button pressed twice
        change = tx.address_changes.add(reader.id, email, now=now, ids=ids)
        if tx.reader_mails.count_since(email, since) >= MOST_MAILS_A_DAY:
            return True
        if not may_be_answered(email, tx):
            return True
        tx.reader_mails.add(
            Topic.NEW_ADDRESS, email, subject_id=change.public_id, via=via, now=now, locale=locale
        )
    return True


def may_be_answered(email: str, tx: Transaction) -> bool:
    """Whether an address may be written to by its own wish, though letters do not go there."""
    suppression = tx.suppressions.of(email)
    return suppression is None or not suppression.is_for_good


def find_change(
    public_id: str, *, store: Store, now: datetime
) -> tuple[AddressChange, Subscriber | None]:
    """What a link confirms, and who it is about: None for nobody any more.

    Raises NotFound for one that is not here, and LinkOver for one that holds no more: it is too
    old, or they have named another address since, or have moved on from that one.
    """
    with store.read() as tx:
        return _found(public_id, tx, now)


def confirm_new_address(
    public_id: str, *, via: str, store: Store, clock: Clock, endings: Endings
) -> Moved:
    """Give the reader their new address; a second time changes nothing. Raises as `find_change`.

    Their old one comes back by no file, and is told. What kept letters from it stays there. Where
    somebody has the new one already, that is who they are from now on: the others' subscriptions
    end, and begin there.
    """
    with store.begin() as tx:
        now = clock()
        change, reader = _found(public_id, tx, now)
        if reader is None:
            raise LinkOver("change of address: they are not here any more - sign up anew")
        if change.confirmed or not tx.address_changes.confirm(change, now=now):
            return Moved(tx.subscribers.find(change.email) or reader, "", new=False)
        reader = tx.preferences.lock(reader.id) or reader
        old, other = reader.email, tx.subscribers.find(change.email)
        standing = tx.consents.standing(reader.id)
        theirs = [name for name, one in standing.items() if one.state in _HERE]
        back = _back(change.email, other or reader, theirs, tx, endings)
        at = max([now, *(one.at for one in back)])
        if other is None or other.id == reader.id:
            tx.preferences.move(reader, change.email, source=SOURCE, now=at)
        else:
            _hand_over(reader, other, theirs, tx, at)
        if email_key(old) != email_key(change.email):
            key = email_key(old)
            back += [endings.moved_away(key, one, tx=tx) for one in standing]
        tx.endings.add(back)
        tx.reader_mails.add(
            Topic.MOVED, old, subject_id=change.public_id, via=via, now=now, locale=reader.locale
        )
        moved_to = (other or reader).id
        [found] = tx.subscribers.get([moved_to]).values()
    for one in back:
        endings.write(one)
    return Moved(found, old, joined_another=found.id != reader.id)


def _found(
    public_id: str, tx: Transaction, now: datetime
) -> tuple[AddressChange, Subscriber | None]:
    change = tx.address_changes.find(public_id)
    if change is None:
        raise NotFound("change of address: not one that is known here - ask for it again")
    if change.confirmed and tx.subscribers.find(change.email) is None:
        raise LinkOver("change of address: they have moved on since - see their latest letter")
    if not change.confirmed:
        last = tx.address_changes.last(change.subscriber_id)
        if change.is_over(now) or (last and last.id != change.id):
            raise LinkOver("change of address: this link holds no more - ask for it again")
    return change, tx.subscribers.get([change.subscriber_id]).get(change.subscriber_id)


def _hand_over(
    reader: Subscriber, other: Subscriber, theirs: Sequence[str], tx: Transaction, at: datetime
) -> None:
    """Who has the new address gains what the other one had, by this consent."""
    here = tx.consents.standing(other.id)
    until = tx.preferences.paused_until(reader.id)
    trace = Trace(email=reader.email, note=f"{TO_ANOTHER}: {other.email}")
    for audience in theirs:
        tx.subscribers.end(reader.id, audience, source=TO_ANOTHER, now=at, trace=trace)
        if audience in here and here[audience].state in _HERE:
            continue
        note = Trace(email=other.email, note=f"{MOVED_HERE}: {reader.email}")
        consent = Consent(at, MOVED_HERE, confirmed=BY_LINK, trace=note)
        tx.consents.give(other.id, audience, consent, now=at)
        if audience in until:
            tx.preferences.pause(other.id, [audience], until[audience], source=MOVED_HERE, now=at)
    tx.preferences.revoke_links(reader.id, source=TO_ANOTHER, now=at)


def _back(
    email: str, person: Subscriber, audiences: Sequence[str], tx: Transaction, endings: Endings
) -> list[Ending]:
    """That who has the new address is in these audiences, whatever was said of it before."""
    key = email_key(email)
    back = endings.returned_where_left(key, person.public_id, audiences, tx=tx)
    return [*endings.returned_after_erasing(key, tx=tx), *back]
