"""The link by which a calendar program reads the team's calendar: somebody's own, and signed."""

import base64
from dataclasses import dataclass

from dispatch.clock import Clock
from dispatch.errors import NotFound
from dispatch.model.team.person import Person
from dispatch.signing import Signer, same
from dispatch.store.transactions import Store, Transaction

_PURPOSE = "team calendar"
_SIZE = 18


@dataclass(frozen=True, slots=True)
class CalendarLinks:
    """Makes and reads them; the last of the `secrets` signs, all are accepted.

    A link names a person and the version of their link. Nothing else can be done with it.
    """

    public_url: str
    secrets: tuple[str, ...]

    def url(self, person: Person) -> str:
        """Where somebody's calendar program asks; empty where they have no link."""
        if person.calendar_version <= 0:
            return ""
        head = f"{person.id}-{person.calendar_version}"
        return f"{self.public_url}/team/calendar/{head}-{_signed(self.secrets[-1], head)}.ics"

    def whose(self, token: str, *, tx: Transaction) -> Person:
        """Whose it is; raises NotFound for one that is not ours, not the last, or of who ended."""
        head, _, signature = token.rpartition("-")
        number, _, version = head.partition("-")
        if any(same(signature, _signed(secret, head)) for secret in self.secrets):
            person = tx.persons.by_number(int(number))
            if person and person.ended is None and person.calendar_version == int(version):
                return person
        raise NotFound("calendar: this link is over - make a new one on the page of the calendar")


def new_calendar_link(*, by: str, store: Store, clock: Clock) -> Person:
    """Give somebody a link of their own; the one before is over."""
    with store.begin() as tx:
        person = tx.persons.get(by)
        tx.audit.add("calendar.link", by=by, now=clock(), kind="person", subject=by)
        return tx.persons.change(person, calendar_version=abs(person.calendar_version) + 1)


def end_calendar_link(*, by: str, store: Store, clock: Clock) -> Person:
    """Let somebody's link be over, and remember which it was, so that it never comes back."""
    with store.begin() as tx:
        person = tx.persons.get(by)
        if person.calendar_version > 0:
            tx.audit.add("calendar.end", by=by, now=clock(), kind="person", subject=by)
        return tx.persons.change(person, calendar_version=-abs(person.calendar_version))


def _signed(secret: str, head: str) -> str:
    signature = Signer(secret, _PURPOSE, _SIZE).sign(head)
    return base64.b32encode(signature).decode().rstrip("=").lower()
