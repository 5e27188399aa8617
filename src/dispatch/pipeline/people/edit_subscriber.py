"""The team notes what a reader has told them of themselves: name, language, zone, topics."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.people.record import Said, Trace
from dispatch.model.people.subscriber import Consent, Subscriber
from dispatch.pipeline.people.note_of import note_of
from dispatch.pipeline.people.suppress import noted, of_team
from dispatch.store.transactions import Store


def edit_subscriber(
    subscriber_id: int,
    profile: Mapping[str, Any],
    *,
    seen: str,
    source: str,
    by: str,
    store: Store,
    clock: Clock,
) -> tuple[str, ...]:
    """Note a profile by columns, of which no file changes any again; the names of what is new.

    `seen` is the mark of what whoever edits has seen, and `source` on whose word. Raises Conflict
    where something else is known of them since then, or they are gone: then nothing is changed.
    """
    with store.begin() as tx:
        person = tx.preferences.lock(subscriber_id)
        if person is None:
            raise Conflict("they were erased meanwhile - nothing was changed")
        known = _known(person)
        changed = {name: value for name, value in profile.items() if value != known[name]}
        if not changed:
            return ()
        if seen != mark_of(person):
            raise Conflict("what is known of them has changed meanwhile - look at it anew")
        now = clock()
        tx.preferences.choose(person.id, **changed)
        note = "; ".join([source, *(f"{name}: {_shown(one)}" for name, one in changed.items())])
        word = Consent(now, of_team(by), trace=Trace(note=noted(note, by)))
        tx.record.add(person.id, "", Said.CHOSE, word, now=now)
        note_of(person.id, "subscriber.edit", by=by, tx=tx, now=now, fields=sorted(changed))
    return tuple(changed)


def mark_of(person: Subscriber) -> str:
    """A mark of what is known of somebody: another one as soon as that is something else."""
    known = json.dumps(_known(person), ensure_ascii=False)
    return hashlib.sha256(known.encode()).hexdigest()[:16]


def _known(person: Subscriber) -> dict[str, Any]:
    return {
        "name": person.name,
        "locale": person.locale,
        "timezone": person.timezone,
        "topics": list(person.topics),
    }


def _shown(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
