"""The browser in which somebody signs in."""

from dataclasses import dataclass, field
from datetime import datetime

from dispatch.model.team.person import Person, Session
from dispatch.store.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Browser:
    """`mark` is the hash of the new token that it is about to be given."""

    mark: str = field(repr=False)
    device: str = ""
    network: str = ""


def begin_session(
    person: Person, browser: Browser, *, how: str, tx: Transaction, now: datetime
) -> Session:
    """Somebody is signed in from now on; `how`: password, code, service, invitation."""
    session = tx.sessions.begin(
        browser.mark, person, device=browser.device, network=browser.network, now=now
    )
    tx.audit.add(
        "session.begin", by=person.handle, now=now, kind="person", subject=person.handle, how=how
    )
    return session
