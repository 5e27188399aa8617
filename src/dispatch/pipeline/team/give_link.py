"""A link to a new password for somebody of the team, for whoever looks after the server to hand on.

It goes the way that a mail would go, where none can be sent or somebody has lost all else.
"""

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.team.passes import Purpose
from dispatch.model.team.person import Person
from dispatch.pipeline.team.links import TeamLinks
from dispatch.pipeline.team.queue_mail import new_link
from dispatch.store.transactions import Store


def give_link(
    handle: str, *, by: str, links: TeamLinks, store: Store, clock: Clock
) -> tuple[Person, str]:
    """The person and the link: for one use, within an hour; one before opens nothing any more.

    Raises NotFound, and Conflict where they have ended.
    """
    seed, mark = new_link(links)
    with store.begin() as tx:
        person, now = tx.persons.get(handle), clock()
        if person.ended is not None:
            raise Conflict(f"{handle}: has ended - 'dispatch people add' lets them in again")
        tx.passes.end(Purpose.RESET, person.handle, now=now)
        tx.passes.add(mark, Purpose.RESET, subject=person.handle, now=now)
        tx.audit.add("person.give_link", by=by, now=now, kind="person", subject=person.handle)
    return person, links.reset_url(links.token(seed))
