"""The team of an opened workspace: who is in it, and what they may do."""

from collections.abc import Collection

from dispatch.app.tools import Tools
from dispatch.model.team.api_token import ApiToken
from dispatch.model.team.giving import EVERYTHING
from dispatch.model.team.invitation import Invitation
from dispatch.model.team.person import Person, Session
from dispatch.model.team.role import Right, Role
from dispatch.pipeline.team.add_person import add_person
from dispatch.pipeline.team.cancel_invitation import cancel_invitation
from dispatch.pipeline.team.change_person import change_person
from dispatch.pipeline.team.end_person import end_person
from dispatch.pipeline.team.give_link import give_link
from dispatch.pipeline.team.invite import invite
from dispatch.pipeline.team.links import TeamLinks
from dispatch.pipeline.team.make_api_token import make_api_token
from dispatch.pipeline.team.revoke_api_token import revoke_api_token


class Team:
    """Lets people in and out. `rights` are those of who does it; the command line has all."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def add(
        self, handle: str, *, name: str, email: str, roles: Collection[Role], by: str
    ) -> Person:
        """Let somebody in; raises Conflict where handle or address are somebody else's."""
        store, clock = self._tools.store, self._tools.clock
        said = {"name": name, "email": email, "by": by}
        return add_person(handle, roles=roles, store=store, clock=clock, **said)

    def give_link(self, handle: str, *, by: str) -> tuple[Person, str]:
        """A link by which somebody chooses a password: for one use, within an hour."""
        store, clock = self._tools.store, self._tools.clock
        return give_link(handle, by=by, links=self._links, store=store, clock=clock)

    def change(
        self,
        handle: str,
        *,
        by: str,
        roles: Collection[Role] | None = None,
        name: str | None = None,
        email: str | None = None,
        rights: frozenset[Right] = EVERYTHING,
        goes_on: tuple[Session, str] | None = None,
    ) -> Person:
        """Change roles, name or address; who gets other roles signs in again."""
        return change_person(
            handle,
            by=by,
            store=self._tools.store,
            clock=self._tools.clock,
            roles=roles,
            name=name,
            email=email,
            rights=rights,
            goes_on=goes_on,
        )

    def end(self, handle: str, *, by: str, rights: frozenset[Right] = EVERYTHING) -> Person:
        """Let somebody out, at once and everywhere."""
        store, clock = self._tools.store, self._tools.clock
        return end_person(handle, by=by, store=store, clock=clock, rights=rights)

    def invite(
        self,
        email: str,
        *,
        roles: Collection[Role],
        by: str,
        name: str = "",
        locale: str = "",
        rights: frozenset[Right] = EVERYTHING,
    ) -> Invitation:
        """Ask somebody to join, by mail."""
        workspace = self._tools.files.workspace
        return invite(
            email,
            roles=roles,
            by=by,
            links=self._links,
            via=workspace.mail_channel(),
            store=self._tools.store,
            clock=self._tools.clock,
            name=name,
            locale=locale,
            rights=rights,
        )

    def cancel_invitation(
        self, number: int, *, by: str, rights: frozenset[Right] = EVERYTHING
    ) -> Invitation:
        """Take an invitation back."""
        store, clock = self._tools.store, self._tools.clock
        return cancel_invitation(number, by=by, store=store, clock=clock, rights=rights)

    def make_api_token(
        self, name: str, *, roles: Collection[Role], days: int, of: str, by: str
    ) -> tuple[ApiToken, str]:
        """A token for a program, and what it is, which nobody can be told again."""
        store, clock = self._tools.store, self._tools.clock
        return make_api_token(name, roles=roles, days=days, of=of, by=by, store=store, clock=clock)

    def revoke_api_token(self, number: int, *, by: str) -> ApiToken:
        """Have a token open nothing any more; raises Conflict where it was revoked before."""
        return revoke_api_token(number, by=by, store=self._tools.store, clock=self._tools.clock)

    def api_tokens(self) -> list[ApiToken]:
        """All that were made, the newest first."""
        with self._tools.store.read() as tx:
            return tx.api_tokens.all()

    def forget_api_answers(self) -> int:
        """Let go of answers to calls that nobody repeats any more; gives how many."""
        with self._tools.store.begin() as tx:
            return tx.api_answers.forget(now=self._tools.clock())

    @property
    def _links(self) -> TeamLinks:
        public_url = self._tools.files.workspace.publisher.public_url
        return TeamLinks(public_url, self._tools.settings.secret_keys)
