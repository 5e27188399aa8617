"""The edition that a page is about, and who everybody is."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from starlette.responses import Response

from dispatch.errors import NotFound
from dispatch.model.campaigns.approval import BY_DEADLINE, BY_LATENESS, NOBODY_NEEDED
from dispatch.model.editions.edition import NOT_SENT, UNDECIDED, Edition, EditionState, stage
from dispatch.model.team.person import Person
from dispatch.model.team.role import Right
from dispatch.web.team.queries import with_query
from dispatch.web.team.visit import Visit

OPENS = ("open", "new", "below", "pick", "find")
"""What an address says of the piece that is open, and of the posts that are picked from."""


@dataclass
class Desk:
    """An edition as somebody looks at it."""

    visit: Visit
    edition: Edition

    @property
    def path(self) -> str:
        """Its address below /team."""
        return f"/editions/{self.edition.id}"

    @cached_property
    def opens(self) -> Mapping[str, str]:
        """What the address opens, as far as it says so: all that leads back to it says it, too."""
        return {name: said for name in OPENS if (said := self.visit.asked(name))}

    def back(self, fragment: str = "", *, out: str = "") -> str:
        """The page as it is open now, at the element with an id; `out` was taken out of it."""
        return with_query(self.path, self.opens, out=out) + (f"#{fragment}" if fragment else "")

    @property
    def heading(self) -> str:
        """The day that it is for, as a title; of a letter its subject."""
        if self.is_letter:
            return self.edition.content.subject or self.visit.words("letters.without_subject")
        day = self.visit.times.day(self.edition.content.slot.date(), full=True)
        return day[:1].upper() + day[1:]

    @cached_property
    def stage(self) -> str:
        """The word for where it stands."""
        now = self.visit.now
        return stage(self.edition, {}, due=self.edition.waits_until(now), now=now)

    @cached_property
    def persons(self) -> Mapping[str, Person]:
        """Everybody who is or was in the team, by handle."""
        with self.visit.app.store.read() as tx:
            return {person.handle: person for person in tx.persons.all(ended=True)}

    def named(self, handle: str) -> str:
        """What somebody is called: by the team's names, or as they were written down."""
        words = self.visit.words
        ours = {
            BY_DEADLINE: "edition.the_deadline",
            BY_LATENESS: "edition.the_schedule",
            NOBODY_NEEDED: "edition.nobody_needed",
        }
        if handle in ours:
            return words(ours[handle])
        person = self.persons.get(handle.strip().lower())
        return person.name or person.handle if person else handle

    @property
    def may_edit(self) -> bool:
        """Whether this person can change it, as it is now."""
        return self.edition.state in NOT_SENT and self.visit.may(Right.WRITE)

    @property
    def is_letter(self) -> bool:
        """Whether no schedule made it."""
        return self.edition.content.letter is not None

    @property
    def is_draft(self) -> bool:
        """Whether nobody was asked to approve it yet."""
        return self.edition.state is EditionState.DRAFT

    @property
    def is_undecided(self) -> bool:
        """Whether it waits for somebody."""
        return self.edition.state in UNDECIDED

    @property
    def is_approved(self) -> bool:
        """Whether it goes out as it is."""
        return self.edition.state is EditionState.APPROVED


def desk_of(visit: Visit) -> Desk:
    """The edition that the address names; raises NotFound, in the words of who asks."""
    try:
        with visit.app.store.read() as tx:
            return Desk(visit, tx.editions.get(visit.part("id")))
    except NotFound as error:
        raise NotFound(visit.words("edition.missing_advice")) from error


def missing(visit: Visit) -> Response:
    """404: there is no such edition, and where the others are."""
    return visit.page("edition/missing.html", here="editions", status_code=404)


def known(visit: Visit) -> Desk | None:
    """The same as `desk_of`; None where there is none."""
    try:
        return desk_of(visit)
    except NotFound:
        return None
