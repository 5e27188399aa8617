"""Somebody says how they want the pages to be, and what they are called."""

from dispatch.clock import Clock
from dispatch.model.team.person import Person
from dispatch.store.transactions import Store


def change_account(
    person: Person,
    *,
    name: str,
    locale: str,
    theme: str,
    keys_off: bool,
    store: Store,
    clock: Clock,
) -> None:
    """Keep it; a new name is a line of the audit log, as others see it."""
    with store.begin() as tx:
        tx.persons.change(person, name=name, locale=locale, theme=theme, keys_off=keys_off)
        if name != person.name:
            tx.audit.add(
                "person.rename",
                by=person.handle,
                now=clock(),
                kind="person",
                subject=person.handle,
                name=name,
            )
