"""People of the team: who is there, what they may do, who was asked to join."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import InvalidValueError
from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.team.invitation import Invitation
from dispatch.model.team.person import Person
from dispatch.model.team.role import Right, Role
from dispatch.model.text.plain_text import one_line
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Listed, PageQuery, behind, cut
from dispatch.web.api.operation import Operation

LONGEST_NAME = 120

Address = Annotated[str, Field(min_length=3, max_length=254, examples=["ada@atelier.example"])]
Roles = Annotated[list[Role], Field(min_length=1, max_length=len(Role), examples=[["editor"]])]


class Member(BaseModel):
    """Somebody of the team."""

    handle: str = Field(examples=["ada"])
    name: str = Field(examples=["Ada Lindqvist"])
    email: str = Field(examples=["ada@atelier.example"])
    roles: list[Role] = Field(examples=[["editor"]])
    rights: list[Right] = Field(description="What the roles add up to.", examples=[["look"]])
    last_seen: datetime | None = Field(description="In the team's pages.", examples=[None])


class Invited(BaseModel):
    """Somebody who was asked to join."""

    id: str = Field(examples=["3"])
    name: str
    email: str = Field(examples=["ada@atelier.example"])
    roles: list[Role] = Field(examples=[["editor"]])
    by: str = Field(description="The handle of who asks.", examples=["jean"])
    ends: datetime


class Invitations(BaseModel):
    """All that can be accepted."""

    items: list[Invited]


class NewInvitation(BaseModel):
    """Whom to ask."""

    model_config = ConfigDict(extra="forbid")

    email: Address
    name: str = Field(default="", max_length=LONGEST_NAME)
    roles: Roles


class PersonChanges(BaseModel):
    """What is to be different; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, max_length=LONGEST_NAME)
    email: Address | None = None
    roles: Roles | None = Field(default=None, description="Who gets other roles signs in again.")


def list_people(call: Call) -> Listed[Member]:
    """Everybody in the team, by handle."""
    asked = call.query(PageQuery)
    last = behind(asked.cursor, str)
    with call.app.store.read() as tx:
        people, seen = tx.persons.all(), tx.sessions.last_seen()
    rows = [one for one in people if last is None or one.handle > last[0]]
    page, onward = cut(rows[: asked.limit + 1], asked.limit, lambda one: (one.handle,))
    return Listed(items=[_member(one, seen.get(one.id)) for one in page], next=onward)


def show_person(call: Call) -> Member:
    """Somebody of the team."""
    person = _person(call)
    with call.app.store.read() as tx:
        return _member(person, tx.sessions.last_seen().get(person.id))


def change_person(call: Call) -> Member:
    """Give somebody other roles, another name or address."""
    person, said = _person(call), call.said(PersonChanges)
    changed = call.app.team.change(
        person.handle,
        by=call.by,
        roles=said.roles,
        name=None if said.name is None else one_line(said.name),
        email=None if said.email is None else _address(said.email),
        rights=call.rights,
    )
    with call.app.store.read() as tx:
        return _member(changed, tx.sessions.last_seen().get(changed.id))


def remove_person(call: Call) -> None:
    """Let somebody out of the team, at once and everywhere; their tokens end, too."""
    call.app.team.end(_person(call).handle, by=call.by, rights=call.rights)


def list_invitations(call: Call) -> Invitations:
    """Who was asked to join and has not answered."""
    with call.app.store.read() as tx:
        return Invitations(items=list(map(_invited, tx.invitations.open(now=call.now))))


def invite_person(call: Call) -> Invited:
    """Ask somebody by mail to join."""
    said, app = call.said(NewInvitation), call.app
    email = _address(said.email)
    with app.store.read() as tx:
        taken = tx.persons.by_email(email) is not None
    if taken:
        raise Conflict(f"{email}: is somebody's of the team already")
    if not app.workspace.mail_channel():
        raise Conflict("invitation: there is no channel that sends mail - add one first")
    return _invited(
        app.team.invite(
            email,
            roles=said.roles,
            by=call.by,
            name=one_line(said.name),
            locale=call.person.locale,
            rights=call.rights,
        )
    )


def cancel_invitation(call: Call) -> None:
    """Take an invitation back."""
    call.app.team.cancel_invitation(call.number("number"), by=call.by, rights=call.rights)


def _person(call: Call) -> Person:
    handle = call.part("handle")
    with call.app.store.read() as tx:
        person = tx.persons.get(handle)
    if person.ended is not None:
        raise NotFound(f"person {handle}: has left the team")
    return person


def _member(person: Person, seen: datetime | None) -> Member:
    return Member(
        handle=person.handle,
        name=person.name,
        email=person.email,
        roles=list(person.roles),
        rights=[right for right in Right if right in person.rights],
        last_seen=seen,
    )


def _invited(one: Invitation) -> Invited:
    return Invited(
        id=str(one.id),
        name=one.name,
        email=one.email,
        roles=list(one.roles),
        by=one.by,
        ends=one.ends,
    )


def _address(text: str) -> str:
    try:
        return checked_address(text)
    except InvalidValueError as error:
        raise BadInput([f"email: {error}"]) from error


OPERATIONS = (
    Operation("GET", "/people", list_people, Right.PEOPLE, gives=Listed[Member], query=PageQuery),
    Operation("GET", "/people/{handle}", show_person, Right.PEOPLE, gives=Member),
    Operation(
        "PATCH",
        "/people/{handle}",
        change_person,
        Right.PEOPLE,
        gives=Member,
        takes=PersonChanges,
    ),
    Operation("DELETE", "/people/{handle}", remove_person, Right.PEOPLE),
    Operation("GET", "/invitations", list_invitations, Right.PEOPLE, gives=Invitations),
    Operation(
        "POST",
        "/invitations",
        invite_person,
        Right.PEOPLE,
        gives=Invited,
        takes=NewInvitation,
        status=201,
    ),
    Operation("DELETE", "/invitations/{number}", cancel_invitation, Right.PEOPLE),
)
