"""All that the database holds about one person, for them to take with them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from dispatch.errors import NotFound
from dispatch.model.people.record import Word
from dispatch.model.people.subscriber import Subscriber, email_key
from dispatch.model.people.suppression import Target
from dispatch.store.delivery.received import Received
from dispatch.store.events.later import CameLater
from dispatch.store.events.told import Told
from dispatch.store.transactions import Store, Transaction

FORM = 1
"""The version of the form, for whoever reads it by program: it only ever gains keys."""


def export_person(person: Subscriber, *, store: Store) -> dict[str, Any]:
    """Everything about somebody as values of JSON; times in UTC, in ISO 8601.

    Raises NotFound for somebody who is not there any more.
    """
    with store.read() as tx:
        found = tx.subscribers.get([person.id]).get(person.id)
        if found is None:
            raise NotFound("nobody is there by that name any more - nothing was written")
        return {"form": FORM, **everything(found, tx)}


def everything(person: Subscriber, tx: Transaction) -> dict[str, Any]:
    """What each table has about them."""
    words = tx.record.words(person.id)
    texts = tx.record.wordings({one.wording for one in words if one.wording})
    key = email_key(person.email)
    keys = set(tx.erasures.names(person).email_keys)
    received = tx.received.last(person.id)
    editions = {one.key: one.edition_id for one in received}
    later = tx.later.of(editions)
    return {
        "profile": _profile(person, tx),
        "subscriptions": [
            {"audience": one.audience, "state": one.state.value, "since": at(one.since)}
            for one in tx.consents.standing(person.id).values()
        ],
        "record": [_word(one) for one in words],
        "texts": {
            one.id: {"text": one.text, "since": at(one.since)}
            for one in sorted(texts.values(), key=lambda wording: wording.since)
        },
        "sign_ups": [
            {
                "form": one.form,
                "email": one.email,
                "page": one.page,
                "network": one.network,
                "profile": one.profile,
                "text": one.wording,
                "asked": at(one.asked_at),
                "confirmed": at(one.confirmed_at) if one.confirmed_at else None,
            }
            for one in tx.record.sign_ups(keys)
        ],
        "addresses": [
            {
                "email": one.email,
                "asked": at(one.asked_at),
                "confirmed": at(one.confirmed_at) if one.confirmed_at else None,
            }
            for one in tx.record.address_changes(person.id)
        ],
        "suppression": _suppression(person, tx),
        "words_of_suppression": [
            {
                "at": at(one.at),
                "about": str(Target(one.target)),
                "what": one.what,
                "reason": one.reason,
                "source": one.source,
                "note": one.note,
            }
            for one in tx.suppressions.history(*map(Target, keys | {key}))
        ],
        "mails": [
            {
                "about": one.about,
                "address": one.address,
                "state": one.state,
                "asked": at(one.made_at),
                "accepted": at(one.accepted_at) if one.accepted_at else None,
                "reason": one.reason,
            }
            for one in tx.record.mails(keys, person.public_id)
        ],
        "deliveries": [
            {
                "edition": one.edition_id,
                "campaign": one.campaign,
                "channel": one.channel,
                "address": one.recipient,
                "state": one.state.value,
                "since": at(one.changed),
                "reason": one.reason,
                "later": _later(later.get(one.key)),
            }
            for one in received
        ],
        "came_later": [
            {
                "at": at(one.at),
                "edition": editions.get(one.delivery or 0, ""),
                "channel": one.channel,
                "what": one.event.kind.value,
                "permanent": one.event.permanent,
                "reason": one.event.reason or one.event.said,
                "link": one.event.url,
            }
            for one in _told(received, keys | {key}, tx)
        ],
    }


def at(moment: datetime) -> str:
    """A moment as programs read it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _profile(person: Subscriber, tx: Transaction) -> dict[str, Any]:
    choice = tx.consents.choice(person.id)
    return {
        "email": person.email,
        "name": person.name,
        "locale": person.locale,
        "timezone": person.timezone,
        "topics": list(person.topics),
        "cadence": person.cadence,
        "cadence_is_their_choice": choice.own,
        "cadence_since": at(choice.since) if choice.since else None,
        "fields": dict(person.fields),
    }


def _suppression(person: Subscriber, tx: Transaction) -> dict[str, Any] | None:
    found = tx.suppressions.of(person.email)
    if found is None:
        return None
    return {"what": found.email, "reason": found.reason, "since": at(found.since)}


def _later(came: CameLater | None) -> dict[str, Any] | None:
    """What says most of all that was told, which stays when deliveries are forgotten."""
    return {"what": came.state.value, "at": at(came.at), "reason": came.reason} if came else None


def _told(received: Sequence[Received], keys: Iterable[str], tx: Transaction) -> list[Told]:
    """What providers told of mails to them, and of their addresses, in the order of time."""
    of_mails = tx.events.of_deliveries([one.key for one in received])
    strange = [one for key in sorted(keys) for one in tx.events.of_address(key)]
    return sorted([*of_mails, *strange], key=lambda one: one.at)


def _word(one: Word) -> dict[str, Any]:
    return {
        "at": at(one.at),
        "said": at(one.given) if one.given else None,
        "recorded": at(one.recorded),
        "what": one.state,
        "audience": one.audience,
        "source": one.source,
        "form": one.form,
        "page": one.page,
        "text": one.wording,
        "confirmed": one.confirmed,
        "email": one.trace.email,
        "network": one.trace.network,
    }
