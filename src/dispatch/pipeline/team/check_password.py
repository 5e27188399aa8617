"""Somebody who is signed in says their password once more, before what is hard to take back."""

from collections.abc import Sequence

from dispatch.clock import Clock
from dispatch.model.team.person import Person
from dispatch.pipeline.team.passwords import Passwords
from dispatch.pipeline.team.sign_in import PASSWORD
from dispatch.pipeline.team.tries import Tries, Wrong
from dispatch.store.transactions import Store


def check_password(
    person: Person,
    password: str,
    network: str,
    *,
    keys: Sequence[str],
    passwords: Passwords,
    store: Store,
    clock: Clock,
) -> Wrong | None:
    """Whether it is somebody's own, within the limits of trying; None: it is. Raises TooBusy."""
    tries = Tries(keys, PASSWORD)
    with store.begin() as tx:
        now = tx.now(clock)
        if wrong := tries.begin(person.email, network, tx=tx, now=now):
            return wrong
        kept = tx.persons.credentials(person).password
    right = passwords.is_right(password, kept)
    with store.begin() as tx:
        if right:
            tries.was_right(person.email, network, tx=tx)
            return None
        now = tx.now(clock)
        return tries.was_wrong(person.email, network, tx=tx, now=now)
