"""Of what is told, that which was not told before."""

from collections.abc import Iterable
from dataclasses import replace

from dispatch.model.delivery.event import Event
from dispatch.pipeline.events.find_deliveries import key_in
from dispatch.store.events.told import What
from dispatch.store.transactions import Transaction


def fresh(events: Iterable[Event], channel: str, *, tx: Transaction) -> list[Event]:
    """The events of a channel that are new, each once.

    An event is the same where its id is, and what it says happened, and of which delivery: a
    service that names a mail or a call in the place of an event, or takes back that a bounce was
    soft, tells something new. Where an id is good for one event (`once`), it is the same whatever
    it comes with.
    """
    told: dict[object, Event] = {}
    for one in events:
        told.setdefault((one.id, _what(one)), one)
    some = list(told.values())
    known = tx.events.known(channel, {one.id for one in some})
    kinds, new, others = dict(known), [], []
    for one in some:
        what = _what(one)
        if not _same(kinds.setdefault(one.id, what), what):
            if not one.once:
                others.append(replace(one, id=_named(one, what, kinds[one.id])))
        elif one.id not in known:
            new.append(one)
    also_known = tx.events.known(channel, {one.id for one in others}) if others else {}
    return new + [one for one in others if one.id not in also_known]


def _what(event: Event) -> What:
    return event.kind, event.permanent, key_in(event.delivery)


def _same(was: What, what: What) -> bool:
    return was[:2] == what[:2] and not _is_another(was, what)


def _is_another(was: What, what: What) -> bool:
    """Whether two are of two deliveries: of one of them that may not be known."""
    return bool(was[2] and what[2]) and was[2] != what[2]


def _named(event: Event, what: What, was: What) -> str:
    hard = " for good" if event.permanent else ""
    of = f" of {what[2]}" if _is_another(was, what) else ""
    return f"{event.id} {event.kind}{hard}{of}"
