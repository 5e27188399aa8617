"""A reader says how often they want what they get, and can say so again at any time."""

from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.clock import Clock
from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.campaigns.cadence import Cadence, Family, chosen_cadence
from dispatch.model.people.subscriber import Subscriber, SubscriptionState
from dispatch.store.transactions import Store, Transaction


@dataclass(frozen=True, slots=True)
class CadenceChoice:
    """What a reader of an audience can choose from, and what they have now.

    `offered` is in the order from the shortest to the longest; there are none where nothing can be
    chosen. `present` is what they get: their own choice, or the publisher's default.
    """

    reader: Subscriber
    offered: tuple[Cadence, ...]
    present: Cadence | None
    is_reader: bool  # and not somebody who has left, or whose address is suppressed


def show_choice(
    subscriber_id: int, audience: str, families: Iterable[Family], *, store: Store
) -> CadenceChoice | None:
    """What there is to choose for somebody in an audience; None for a link that is nobody's.

    `families` are those that write to the audience.
    """
    with store.read() as tx:
        reader = tx.subscribers.get([subscriber_id]).get(subscriber_id)
        return _choice(reader, audience, list(families), tx) if reader else None


def choose_cadence(
    subscriber_id: int,
    audience: str,
    cadence: Cadence,
    families: Iterable[Family],
    *,
    store: Store,
    clock: Clock,
) -> CadenceChoice:
    """Note what a reader has chosen, for every audience they are in; no file changes it again.

    Raises NotFound for nobody, BadInput for what is not offered, and Conflict if they have left
    or their address is suppressed: then nothing is changed.
    """
    families = list(families)
    with store.begin() as tx:
        reader = tx.subscribers.get([subscriber_id]).get(subscriber_id)
        if reader is None:
            raise NotFound(f"subscriber {subscriber_id}: not known - nothing was changed")
        choice = _choice(reader, audience, families, tx)
        if not choice.is_reader:
            raise Conflict(f"{reader.email}: gets nothing from '{audience}' - nothing was changed")
        if cadence not in choice.offered:
            raise BadInput([_not_offered(cadence, audience, choice.offered)])
        tx.subscribers.choose_cadence(reader.id, cadence.value, own=True, now=clock())
        [changed] = tx.subscribers.get([reader.id]).values()
        return _choice(changed, audience, families, tx)


def choose_cadence_of(
    email: str, cadence: Cadence | None, families: Iterable[Family], *, store: Store, clock: Clock
) -> list[str]:
    """Note what somebody asked the team for; None gives the choice back to file and publisher.

    The audiences for which it counts. Raises as `choose_cadence` does.
    """
    families = [family for family in families if len(family.offered) > 1]
    with store.begin() as tx:
        reader = tx.subscribers.find(email)
        if reader is None:
            raise NotFound(f"{email}: no such subscriber - see 'dispatch subscribers list'")
        standing = tx.subscribers.standing(reader.id)
        active = [name for name, word in standing.items() if word == SubscriptionState.ACTIVE]
        if not active:
            stands = ", ".join(f"{word} in {name}" for name, word in standing.items())
            raise Conflict(f"{email}: is {stands or 'in no audience'} - nothing was changed")
        if cadence is not None:
            offering = [one for one in families if one.audience in active]
            active = [one.audience for one in offering if cadence in one.offered]
            if not active:
                offered = tuple(dict.fromkeys(word for one in offering for word in one.offered))
                raise BadInput([_not_offered(cadence, email, offered)])
        word = cadence.value if cadence else ""
        tx.subscribers.choose_cadence(reader.id, word, own=cadence is not None, now=clock())
    return list(dict.fromkeys(active))


def _choice(
    reader: Subscriber, audience: str, families: list[Family], tx: Transaction
) -> CadenceChoice:
    some = {cadence for family in families for cadence in family.offered}
    offered = tuple(cadence for cadence in Cadence if cadence in some)
    present = chosen_cadence(reader.cadence, families[0].default, offered) if families else None
    state = tx.subscribers.standing(reader.id).get(audience)
    return CadenceChoice(reader, offered, present, state == SubscriptionState.ACTIVE.value)


def _not_offered(cadence: Cadence, to: str, offered: tuple[Cadence, ...]) -> str:
    words = ", ".join(offered)
    advice = f"choose one of these: {words}" if words else "no campaign lets them choose"
    return f"{to}: '{cadence}' is not offered - {advice}"
