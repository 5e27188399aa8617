"""Who may make whom what: nobody gives, or takes away, more than they have."""

from collections.abc import Iterable

from dispatch.model.team.person import Person
from dispatch.model.team.role import Right, Role, rights_of

EVERYTHING = frozenset(Right)
"""What the command line may do: who can type there could write into the database, too."""


def may_give(roles: Iterable[Role], *, rights: frozenset[Right]) -> bool:
    """Whether somebody with these rights may make a person that.

    >>> may_give([Role.OWNER], rights=rights_of([Role.ADMIN]))
    False
    >>> may_give([Role.APPROVER, Role.EDITOR], rights=rights_of([Role.ADMIN]))
    True
    """
    return Right.PEOPLE in rights and rights_of(roles) <= rights


def is_last_owner(person: Person, team: Iterable[Person]) -> bool:
    """Whether a team had an owner, and has none without this one."""
    others = (one for one in team if one.id != person.id and one.ended is None)
    return Role.OWNER in person.roles and not any(Role.OWNER in one.roles for one in others)
