"""A reader says what they want: all that they filled in counts at once, and is on record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dispatch.clock import Clock
from dispatch.config.workspace import Workspace
from dispatch.errors import BadInput, NotFound
from dispatch.model.campaigns.cadence import Cadence
from dispatch.model.people.ending import Ending
from dispatch.model.people.form import BY_LINK
from dispatch.model.people.record import Said, Trace
from dispatch.model.people.subscriber import Consent, Subscriber, email_key
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.leave import Left, leave
from dispatch.pipeline.people.pause import SOURCE
from dispatch.pipeline.people.show_preferences import Choices, choices_of
from dispatch.store.transactions import Store, Transaction


@dataclass(frozen=True, slots=True)
class Wishes:
    """What they filled in; None for what they did not say anything about.

    `leaves` and `joins` are audiences.
    """

    cadence: Cadence | None = None
    name: str | None = None
    locale: str | None = None
    timezone: str | None = None
    topics: tuple[str, ...] | None = None
    leaves: frozenset[str] = frozenset()
    joins: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of it: what is new, by name, and the audiences that began or ended."""

    left: Left
    joined: tuple[str, ...] = ()
    changed: Mapping[str, Any] = field(default_factory=dict)


def save_preferences(
    reader: Subscriber,
    wish: Callable[[Choices], Wishes],
    workspace: Workspace,
    *,
    store: Store,
    clock: Clock,
    endings: Endings,
) -> Saved:
    """Note all that they wish of what there is to choose; the same again changes nothing more.

    Raises BadInput for a cadence or an audience that is not offered, and NotFound for somebody who
    is not here any more: then nothing is changed.
    """
    with store.begin() as tx:
        person = tx.preferences.lock(reader.id)
        if person is None:
            raise NotFound("nobody is there by that link any more - nothing was changed")
        now = clock()
        before = choices_of(person, workspace, tx)
        wishes = wish(before)
        _check(wishes, before)
        changed = _profile(wishes, before, tx)
        if wishes.cadence is not None and wishes.cadence is not before.present:
            tx.subscribers.choose_cadence(person.id, wishes.cadence.value, own=True, now=now)
            changed["cadence"] = wishes.cadence.value
        elif wishes.cadence is not None and not tx.consents.choice(person.id).own:
            tx.subscribers.choose_cadence(person.id, wishes.cadence.value, own=True, now=now)
        if changed:
            note = "; ".join(f"{name}: {_shown(value)}" for name, value in changed.items())
            said = Consent(now, SOURCE, trace=Trace(note=f"{SOURCE}: {note}"))
            tx.record.add(person.id, "", Said.CHOSE, said, now=now)
        joined = tuple(one.audience for one in before.others if one.audience in wishes.joins)
        back = _join(person, joined, tx, endings, now=now)
    for one in back:
        endings.write(one)
    theirs = {one.audience for one in before.theirs}
    going = sorted(wishes.leaves & theirs)
    if not going:
        return Saved(Left(now), joined, changed)
    left = leave(
        person,
        going,
        source=SOURCE,
        store=store,
        clock=clock,
        endings=endings,
    )
    return Saved(left, joined, changed)


def _check(wishes: Wishes, before: Choices) -> None:
    known = {one.audience for one in (*before.theirs, *before.others)}
    for audience in sorted((wishes.joins | wishes.leaves) - known):
        raise BadInput([f"audience {audience}: is not offered - choose one of those shown"])
    if wishes.cadence is not None and before.offered and wishes.cadence not in before.offered:
        raise BadInput([f"'{wishes.cadence}' is not offered - choose one of those shown"])


def _profile(wishes: Wishes, before: Choices, tx: Transaction) -> dict[str, Any]:
    """Keep what is new of themselves; that they have said so counts for all that they see."""
    reader = before.reader
    said: dict[str, Any] = {
        name: value
        for name in ("name", "locale", "timezone")
        if (value := getattr(wishes, name)) is not None
    }
    if wishes.topics is not None:
        said["topics"] = list(wishes.topics)
    known = {"topics": list(reader.topics)}
    changed = {
        name: value
        for name, value in said.items()
        if value != known.get(name, getattr(reader, name))
    }
    if changed:
        tx.preferences.choose(reader.id, **changed)
    return changed


def _join(
    person: Subscriber,
    audiences: Sequence[str],
    tx: Transaction,
    endings: Endings,
    *,
    now: datetime,
) -> list[Ending]:
    """Begin further subscriptions: the link that they use came to their mailbox."""
    key = email_key(person.email)
    back = endings.returned_where_left(key, person.public_id, audiences, tx=tx)
    at = max([now, *(one.at for one in back)])
    for audience in audiences:
        consent = Consent(at, SOURCE, confirmed=BY_LINK, trace=Trace(email=person.email))
        tx.consents.give(person.id, audience, consent, now=at)
    tx.endings.add(back)
    return back


def _shown(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
