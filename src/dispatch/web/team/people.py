"""People of the team: who is there, what they may do, who was asked to join."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.responses import Response

from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import InvalidValueError
from dispatch.errors import NotFound
from dispatch.model.campaigns.approval import same_person
from dispatch.model.delivery.single_mail import MailState
from dispatch.model.team.giving import is_last_owner, may_give
from dispatch.model.team.invitation import Invitation
from dispatch.model.team.mail import TeamMail, TeamTopic
from dispatch.model.team.person import Person
from dispatch.model.team.role import Right, Role
from dispatch.model.text.plain_text import one_line
from dispatch.signing import mark_of
from dispatch.store.transactions import Transaction
from dispatch.web.team import cookie, problems
from dispatch.web.team.acts import told
from dispatch.web.team.numbers import number_in
from dispatch.web.team.visit import Visit

LONGEST_NAME = 120
DID_LAST = 10
"""How many lines of the log stand on the page of one person."""


@dataclass(frozen=True, slots=True)
class Member:
    """A row of the list."""

    person: Person
    seen: datetime | None
    may_change: bool


def show(visit: Visit) -> Response:
    """Everybody, who was asked to join, and a form to ask somebody."""
    return visit.page("people.html", **_list(visit), email="", full_name="", roles=[Role.VIEWER])


def invite(visit: Visit) -> Response:
    """Ask somebody by mail."""
    roles = _roles(visit)
    if not may_give(roles, rights=visit.person.rights):
        return problems.forbidden(visit, Right.OWN)
    email, name = visit.form("email"), one_line(visit.form("full_name"))[:LONGEST_NAME]
    errors = _wrong_roles(visit, roles)
    address = _address(visit, email, errors)
    if not errors:
        asked = {"name": name, "by": visit.by, "locale": visit.words.locale}
        if _is_another(visit, address, None):
            errors["email"] = visit.words("people.error_taken")
        elif not visit.app.workspace.mail_channel():
            errors["email"] = visit.words("people.error_no_mail")
        else:
            visit.app.team.invite(address, roles=roles, rights=visit.person.rights, **asked)
    if errors:
        typed: dict[str, Any] = {"email": email, "full_name": name, "roles": roles}
        return visit.wrong("people.html", errors, **_list(visit), **typed)
    return visit.to("/people", said="people_invited")


def cancel(visit: Visit) -> Response:
    """Take an invitation back."""
    number = number_in(visit.part("id"))
    if number is None:
        raise NotFound(f"invitation {visit.part('id')}: there is none")
    visit.app.team.cancel_invitation(number, by=visit.by, rights=visit.person.rights)
    return visit.to("/people", said="people_cancelled")


def show_one(visit: Visit) -> Response:
    """One person: what they may do, and what they did last."""
    person = _person(visit)
    typed: dict[str, Any] = {"email": person.email, "full_name": person.name, "roles": person.roles}
    return visit.page("person.html", **_one(visit, person), **typed)


def change(visit: Visit) -> Response:
    """Give them other roles, another name or address."""
    person, roles = _person(visit), _roles(visit)
    rights = visit.person.rights
    if not may_give(person.roles, rights=rights) or not may_give(roles, rights=rights):
        return problems.forbidden(visit, Right.OWN)
    name, email = one_line(visit.form("full_name"))[:LONGEST_NAME], visit.form("email")
    errors = _wrong_roles(visit, roles)
    address = _address(visit, email, errors)
    if not errors and Role.OWNER not in roles and is_last_owner(person, _team(visit)):
        errors["role"] = visit.words("people.error_last_owner")
    if address and not errors and _is_another(visit, address, person):
        errors["email"] = visit.words("people.error_taken")
    if errors:
        typed: dict[str, Any] = {"email": email, "full_name": name, "roles": roles}
        return visit.wrong("person.html", errors, **_one(visit, person), **typed)
    token = cookie.new_token()
    goes_on = (visit.session, mark_of(token)) if visit.session else None
    said: dict[str, Any] = {"roles": roles, "name": name, "email": address, "by": visit.by}
    changed = visit.app.team.change(person.handle, rights=rights, goes_on=goes_on, **said)
    new_roles = set(changed.roles) != set(person.roles)
    return _after(visit, person, changed, token if new_roles else "")


def remove(visit: Visit) -> Response:
    """Let them out of the team."""
    person = _person(visit)
    if not may_give(person.roles, rights=visit.person.rights):
        return problems.forbidden(visit, Right.OWN)
    visit.app.team.end(person.handle, by=visit.by, rights=visit.person.rights)
    return visit.to("/people", said="people_removed")


def _after(visit: Visit, person: Person, changed: Person, token: str) -> Response:
    """Back to the list; who has changed their own roles goes on with another token."""
    own = person.id == visit.person.id
    where = "/people" if not own or changed.may(Right.PEOPLE) else ""
    answer = visit.to(where, said="people_roles" if token and not own else "people_changed")
    if token and own:
        cookie.give(visit.request, answer, token)
    return answer


def _list(visit: Visit) -> dict[str, Any]:
    with visit.app.store.read() as tx:
        people, seen = tx.persons.all(), tx.sessions.last_seen()
        asked = [(one, _mail_of(one, tx)) for one in tx.invitations.open(now=visit.now)]
    rights = visit.person.rights
    return {
        "here": "people",
        "members": [
            Member(one, seen.get(one.id), may_give(one.roles, rights=rights)) for one in people
        ],
        "names": {one.handle: one.name or one.handle for one in people},
        "invitations": asked,
        "offered": _offered(rights),
    }


def _mail_of(invitation: Invitation, tx: Transaction) -> TeamMail | None:
    """The mail of an invitation where it has not gone out, or not yet."""
    mail = tx.team_mails.latest(TeamTopic.INVITATION, str(invitation.id))
    return mail if mail and mail.state is not MailState.ACCEPTED else None


def _one(visit: Visit, person: Person) -> dict[str, Any]:
    with visit.app.store.read() as tx:
        seen = tx.sessions.last_seen().get(person.id)
        open_now = len(tx.sessions.of(person, now=visit.now))
        lines = told(tx.audit.page(by=person.handle, most=DID_LAST), tx, visit)
        team = tx.persons.all()
    rights = visit.person.rights
    return {
        "here": "people",
        "one": person,
        "seen": seen,
        "open_now": open_now,
        "lines": lines,
        "may_change": may_give(person.roles, rights=rights),
        "last_owner": is_last_owner(person, team),
        "approves": list(_approves(visit, person)),
        "offered": _offered(rights),
    }


def _approves(visit: Visit, person: Person) -> Iterable[str]:
    """The campaigns that name them among those who may approve."""
    for campaign in visit.app.workspace.campaigns.values():
        if any(same_person(person.handle, one) for one in campaign.approval.by):
            yield campaign.name


def _person(visit: Visit) -> Person:
    with visit.app.store.read() as tx:
        person = tx.persons.get(visit.part("id"))
    if person.ended is not None:
        raise NotFound(f"person {person.handle!r}: has left the team")
    return person


def _team(visit: Visit) -> list[Person]:
    with visit.app.store.read() as tx:
        return tx.persons.all()


def _is_another(visit: Visit, address: str, person: Person | None) -> bool:
    with visit.app.store.read() as tx:
        whose = tx.persons.by_email(address)
    return whose is not None and (person is None or whose.id != person.id)


def _offered(rights: frozenset[Right]) -> list[Role]:
    """The roles that somebody with these rights may give."""
    return [role for role in Role if may_give([role], rights=rights)]


def _roles(visit: Visit) -> list[Role]:
    ticked = set(visit.form.all("role"))
    return [role for role in Role if role.value in ticked]


def _wrong_roles(visit: Visit, roles: list[Role]) -> dict[str, str]:
    return {} if roles else {"role": visit.words("people.error_roles")}


def _address(visit: Visit, text: str, errors: dict[str, str]) -> str:
    """The address as it is kept; an error where it is none."""
    try:
        return checked_address(text)
    except InvalidValueError:
        errors["email"] = visit.words("people.error_email")
        return ""
