"""A new token for a program, which is shown once: we keep only a hash of it."""

import secrets
from collections.abc import Callable, Collection
from datetime import timedelta

from dispatch.clock import Clock
from dispatch.errors import BadInput, Conflict
from dispatch.model.team.api_token import (
    HINT_LETTERS,
    LONGEST_NAME,
    PERIODS,
    ApiToken,
    needed,
    new_api_token,
)
from dispatch.model.team.role import Role
from dispatch.signing import mark_of
from dispatch.store.transactions import Store


def make_api_token(
    name: str,
    *,
    roles: Collection[Role],
    days: int,
    of: str,
    by: str,
    store: Store,
    clock: Clock,
    choose: Callable[[str], str] = secrets.choice,
) -> tuple[ApiToken, str]:
    """The token, and what it is, which nobody can be told again.

    It acts for `of`, somebody of the team, and holds for so many `days`. Raises BadInput, NotFound,
    and Conflict where it would be able to do what they may not.
    """
    said = " ".join(name.split())
    problems = []
    if not said or len(said) > LONGEST_NAME:
        problems.append(f"name: must have 1 to {LONGEST_NAME} characters - say what uses the token")
    if not roles:
        problems.append("roles: none is given - choose what the token may do")
    if days not in PERIODS:
        known = ", ".join(map(str, PERIODS))
        problems.append(f"days: {days} are none of {known} - choose one of them")
    if problems:
        raise BadInput(problems)
    secret = new_api_token(choose)
    with store.begin() as tx:
        person = tx.persons.get(of)
        if person.ended is not None:
            raise Conflict(f"{of}: has ended - name somebody of the team")
        if lacking := needed(roles, of=person):
            named = ", ".join(lacking)
            raise Conflict(f"token: may do no more than {of} - leave out {named}")
        now = clock()
        token = tx.api_tokens.add(
            mark_of(secret),
            hint=secret[:HINT_LETTERS],
            name=said,
            roles=roles,
            person=person,
            now=now,
            ends=now + timedelta(days=days),
        )
        tx.audit.add(
            "token.make",
            by=by,
            now=now,
            kind="token",
            subject=str(token.id),
            name=said,
            person=of,
            roles=[role.value for role in token.roles],
        )
    return token, secret
