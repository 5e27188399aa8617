"""The team notes how often somebody wants what they get, on that reader's word."""

from collections.abc import Iterable

from dispatch.clock import Clock
from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.campaigns.cadence import Cadence, Family
from dispatch.model.people.subscriber import SubscriptionState
from dispatch.pipeline.people.note_of import note_of
from dispatch.store.transactions import Store

_HERE = {SubscriptionState.ACTIVE.value, SubscriptionState.PAUSED.value}


def choose_cadence_of(
    email: str,
    cadence: Cadence | None,
    families: Iterable[Family],
    *,
    store: Store,
    clock: Clock,
    by: str = "",
) -> list[str]:
    """Note what somebody asked the team for; None gives the choice back to file and publisher.

    The audiences for which it counts; no file changes it again. Raises NotFound for nobody,
    BadInput for what is not offered, and Conflict if they have left or their address is suppressed:
    then nothing is changed.
    """
    families = [family for family in families if len(family.offered) > 1]
    with store.begin() as tx:
        reader = tx.subscribers.find(email)
        if reader is None:
            raise NotFound(f"{email}: no such subscriber - see 'dispatch subscribers list'")
        standing = tx.subscribers.standing(reader.id)
        here = [name for name, word in standing.items() if word in _HERE]
        if not here:
            stands = ", ".join(f"{word} in {name}" for name, word in standing.items())
            raise Conflict(f"{email}: is {stands or 'in no audience'} - nothing was changed")
        if cadence is not None:
            offering = [one for one in families if one.audience in here]
            here = [one.audience for one in offering if cadence in one.offered]
            if not here:
                offered = tuple(dict.fromkeys(word for one in offering for word in one.offered))
                raise BadInput([_not_offered(cadence, email, offered)])
        word = cadence.value if cadence else ""
        now = clock()
        tx.subscribers.choose_cadence(reader.id, word, own=cadence is not None, now=now)
        note_of(reader.id, "subscriber.cadence", by=by, tx=tx, now=now, cadence=word)
    return list(dict.fromkeys(here))


def _not_offered(cadence: Cadence, to: str, offered: tuple[Cadence, ...]) -> str:
    words = ", ".join(offered)
    advice = f"choose one of these: {words}" if words else "no campaign lets them choose"
    return f"{to}: '{cadence}' is not offered - {advice}"
