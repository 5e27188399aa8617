"""Somebody comes into audiences by their own word: what a form's sign-up becomes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.ids import Ids
from dispatch.model.people.ending import Ending
from dispatch.model.people.record import Trace
from dispatch.model.people.sign_up import Profile
from dispatch.model.people.subscriber import (
    Consent,
    Subscriber,
    SubscriberRow,
    SubscriptionState,
    email_key,
    form_ground,
)
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.take_in_endings import REASON
from dispatch.store.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Joining:
    """Who joins what: `asked` is when they filled in the form, `confirmed` how we know it was they.

    `wording` is the id of the text that they agreed to, and `page` where the form stood.
    """

    form: str
    email: str
    audiences: tuple[str, ...]
    profile: Profile
    wording: str
    page: str
    network: str
    confirmed: str
    asked: datetime


@dataclass(frozen=True, slots=True)
class Joined:
    """Who they are now, and what is to be written down beside the database after it is kept."""

    reader: Subscriber
    endings: Sequence[Ending] = ()


def join(
    joining: Joining,
    *,
    welcome: str,
    tx: Transaction,
    now: datetime,
    ids: Ids,
    endings: Endings,
    replaces: bool = True,
) -> Joined:
    """Begin their subscriptions, anew where they had left; an old ending stays on record.

    What they filled in replaces what is known of them, unless it may not: then it fills gaps.
    """
    person = tx.subscribers.find(joining.email)
    found = tx.subscribers.put(_row(joining, person, replaces=replaces), now=now, ids=ids)
    standing = tx.consents.standing(found)  # after who has confirmed another form at this moment
    profile = joining.profile
    if profile.cadence and (replaces or person is None):
        tx.subscribers.choose_cadence(found, profile.cadence, own=True, now=now)
    joined = [
        one
        for one in joining.audiences
        if one not in standing or standing[one].state is not SubscriptionState.ACTIVE
    ]
    back = list(_back(joining, person, joined, tx, endings))
    at = max([now, *(one.at for one in back)])
    for audience in joined:
        tx.consents.give(found, audience, _consent(joining, at), now=at)
    tx.endings.add(back)
    _stay_suppressed(joining.email, tx, endings, now)
    if welcome and joined:
        tx.welcomes.ask(found, welcome, now=now)
    [reader] = tx.subscribers.get([found]).values()
    return Joined(reader, back)


def _stay_suppressed(email: str, tx: Transaction, endings: Endings, now: datetime) -> None:
    """Keep letters from an address that was suppressed in another database, or before an erasing.

    That they have joined does not mend their mailbox: the team lifts it.
    """
    key = email_key(email)
    if tx.endings.known(endings.markers.suppressed(key)) and not tx.suppressions.of_address(key):
        tx.suppressions.add(email, reason=REASON, now=now)


def _row(joining: Joining, person: Subscriber | None, *, replaces: bool) -> SubscriberRow:
    said, consent = joining.profile, Consent(joining.asked, form_ground(joining.form))
    row = SubscriberRow(
        1,
        joining.email,
        consent,
        name=said.name,
        locale=said.locale,
        timezone=said.timezone,
        topics=said.topics,
        fields=said.fields,
    )
    if person is None:
        return replace(row, locale=said.locale or said.language)
    first, then = (row, person) if replaces else (person, row)
    return replace(
        row,
        email=person.email,
        name=first.name or then.name,
        locale=first.locale or then.locale or said.language,
        timezone=first.timezone or then.timezone,
        topics=first.topics or then.topics,
        cadence=person.cadence,
        fields={**then.fields, **first.fields},
    )


def _consent(joining: Joining, at: datetime) -> Consent:
    """What goes on record: when they confirmed it, which is when they said it for good."""
    return Consent(
        at,
        form_ground(joining.form),
        form=joining.form,
        page=joining.page,
        wording=joining.wording,
        confirmed=joining.confirmed,
        trace=Trace(email=joining.email, network=joining.network),
    )


def _back(
    joining: Joining,
    person: Subscriber | None,
    audiences: Sequence[str],
    tx: Transaction,
    endings: Endings,
) -> Sequence[Ending]:
    """That they are back: of each audience that they had left, and of having been erased."""
    key, public_id = email_key(joining.email), person.public_id if person else ""
    back = endings.returned_where_left(key, public_id, audiences, tx=tx)
    return [*endings.returned_after_erasing(key, tx=tx), *back]
