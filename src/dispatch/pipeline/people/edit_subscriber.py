"""The team notes what a reader has told them of themselves: name, language, zone, topics."""

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
    seen: Subscriber,
    profile: Mapping[str, Any],
    *,
    source: str,
    by: str,
    store: Store,
    clock: Clock,
) -> tuple[str, ...]:
    """Note a profile by columns, of which no file changes any again; the names of what is new.

    `seen` is the person as whoever edits has seen them, and `source` on whose word. Raises Conflict
    where they have changed since then, or are gone: then nothing is changed.
    """
    with store.begin() as tx:
        person = tx.preferences.lock(seen.id)
        if person is None:
            raise Conflict("they were erased meanwhile - nothing was changed")
        known = _known(person)
        changed = {name: value for name, value in profile.items() if value != known[name]}
        if not changed:
            return ()
        if known != _known(seen):
            raise Conflict("what is known of them has changed meanwhile - look at it anew")
        now = clock()
        tx.preferences.choose(person.id, **changed)
        note = "; ".join([source, *(f"{name}: {_shown(one)}" for name, one in changed.items())])
        word = Consent(now, of_team(by), trace=Trace(note=noted(note, by)))
        tx.record.add(person.id, "", Said.CHOSE, word, now=now)
        note_of(person.id, "subscriber.edit", by=by, tx=tx, now=now, fields=sorted(changed))
    return tuple(changed)


def _known(person: Subscriber) -> dict[str, Any]:
    return {
        "name": person.name,
        "locale": person.locale,
        "timezone": person.timezone,
        "topics": list(person.topics),
    }


def _shown(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
