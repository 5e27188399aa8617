"""What a reader may choose, and how it stands now."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dispatch.config.workspace import Workspace
from dispatch.model.campaigns.cadence import Cadence, chosen_cadence
from dispatch.model.people.address_change import AddressChange
from dispatch.model.people.subscriber import Subscriber, SubscriptionState, email_key
from dispatch.model.people.topics import topics_of
from dispatch.store.transactions import Store, Transaction

_RETURNED = re.compile(r"bounc|refused: |return|unknown|undeliver|mailbox|user", re.IGNORECASE)
"""In the words of those who note why: providers, files and people."""

_COMPLAINED = re.compile(r"\s*(complain|plaint)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Choosable:
    """One audience. `state` is None for one that they never were in.

    `offered` is how often it can come, from the shortest to the longest; there are none where
    nothing can be chosen. `until` is when a pause ends.
    """

    audience: str
    title: str
    about: str
    state: SubscriptionState | None
    offered: tuple[Cadence, ...] = ()
    until: datetime | None = None

    @property
    def is_theirs(self) -> bool:
        """Whether they get it, now or after a pause."""
        return self.state in {SubscriptionState.ACTIVE, SubscriptionState.PAUSED}


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody may choose from. `present` is the cadence that counts for what they get.

    `topics` is what can be chosen, in the words of forms where those have them.
    """

    reader: Subscriber
    theirs: tuple[Choosable, ...]
    others: tuple[Choosable, ...]
    present: Cadence | None
    topics: tuple[str, ...]

    @property
    def offered(self) -> tuple[Cadence, ...]:
        """How often something can come, of all that they get."""
        some = {cadence for one in self.theirs for cadence in one.offered}
        return tuple(cadence for cadence in Cadence if cadence in some)


@dataclass(frozen=True, slots=True)
class Preferences(Choices):
    """The same with all else that they are shown.

    `moving` is another address that they have named and that waits to be confirmed. `suppressed` is
    why nothing goes out to them, or None; `has_asked`, that the team knows that they wish it did.
    """

    moving: AddressChange | None = None
    suppressed: str | None = None
    has_asked: bool = False

    @property
    def is_returned(self) -> bool:
        """Whether nothing goes out as their mailbox returned what came."""
        why = self.suppressed or ""
        return bool(_RETURNED.search(why)) and not _COMPLAINED.match(why)

    @property
    def paused_until(self) -> datetime | None:
        """When the first pause ends."""
        return min((one.until for one in self.theirs if one.until), default=None)


def show_preferences(
    subscriber_id: int, workspace: Workspace, *, store: Store, now: datetime
) -> Preferences | None:
    """How it stands; None for somebody who is not here."""
    with store.read() as tx:
        reader = tx.subscribers.get([subscriber_id]).get(subscriber_id)
        if reader is None:
            return None
        found = choices_of(reader, workspace, tx)
        suppression = tx.suppressions.of(reader.email)
        return Preferences(
            found.reader,
            found.theirs,
            found.others,
            found.present,
            found.topics,
            _moving(reader, tx, now),
            suppression.reason if suppression else None,
            suppression is not None and email_key(reader.email) in tx.suppressions.asked(),
        )


def choices_of(reader: Subscriber, workspace: Workspace, tx: Transaction) -> Choices:
    """What somebody may choose from now, within a transaction."""
    standing, written_to = tx.consents.standing(reader.id), workspace.written_to()
    found = [
        Choosable(
            name,
            workspace.audience_title(name),
            _about(name, workspace),
            standing[name].state if name in standing else None,
            _offered(name, workspace),
            standing[name].until if name in standing else None,
        )
        for name in dict.fromkeys([*written_to, *standing])
    ]
    theirs = tuple(one for one in found if one.is_theirs)
    return Choices(
        reader,
        theirs,
        tuple(one for one in found if not one.is_theirs and one.audience in written_to),
        _present(reader, theirs, workspace),
        _topics(reader, workspace),
    )


def _about(audience: str, workspace: Workspace) -> str:
    words = workspace.audiences.get(audience)
    return words.about if words else ""


def _offered(audience: str, workspace: Workspace) -> tuple[Cadence, ...]:
    some = {one for family in workspace.families_for(audience) for one in family.offered}
    return tuple(cadence for cadence in Cadence if cadence in some)


def _present(
    reader: Subscriber, theirs: Iterable[Choosable], workspace: Workspace
) -> Cadence | None:
    families = [one for here in theirs for one in workspace.families_for(here.audience)]
    some = {cadence for family in families for cadence in family.offered}
    offered = tuple(cadence for cadence in Cadence if cadence in some)
    return chosen_cadence(reader.cadence, families[0].default, offered) if families else None


def _topics(reader: Subscriber, workspace: Workspace) -> tuple[str, ...]:
    """Those that forms ask for, then their own others; each once, however it is written."""
    asked = [
        choice
        for form in workspace.forms.values()
        for field in form.fields
        if field.name == "topics"
        for choice in field.choices
    ]
    found: dict[str, str] = {}
    for shown in (*asked, *reader.topics):
        for topic in topics_of([shown]):
            found.setdefault(topic, shown)
    return tuple(found.values())


def _moving(reader: Subscriber, tx: Transaction, now: datetime) -> AddressChange | None:
    change = tx.address_changes.last(reader.id)
    if change is None or change.confirmed or change.is_over(now):
        return None
    return change
