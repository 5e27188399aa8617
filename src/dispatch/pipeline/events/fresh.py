"""Of what is told, that which was not told before."""

from collections.abc import Iterable
from dataclasses import replace

from dispatch.model.delivery.event import Event
from dispatch.store.transactions import Transaction


def fresh(events: Iterable[Event], channel: str, *, tx: Transaction) -> list[Event]:
    """The events of a channel that are new, each once.

    An event is the same where its id is, and what it says happened: a service that names a mail in
    the place of an event, or takes back that a bounce was soft, tells something new. Where an id is
    good for one event (`once`), it is the same whatever it comes with.
    """
    told: dict[object, Event] = {}
    for one in events:
        told.setdefault((one.id, one.kind, one.permanent), one)
    some = list(told.values())
    known = tx.events.known(channel, {one.id for one in some})
    kinds, new, others = dict(known), [], []
    for one in some:
        what = one.kind, one.permanent
        if kinds.setdefault(one.id, what) != what:
            if one.once:
                continue
            hard = " for good" if one.permanent else ""
            others.append(replace(one, id=f"{one.id} {one.kind}{hard}"))
        elif one.id not in known:
            new.append(one)
    also_known = tx.events.known(channel, {one.id for one in others}) if others else {}
    return new + [one for one in others if one.id not in also_known]
