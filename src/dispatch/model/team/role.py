"""Roles, and the rights that each has: the one matrix that pages and commands ask."""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the team. A person has one or several, and their rights add up."""

    VIEWER = "viewer"
    AUTHOR = "author"
    APPROVER = "approver"
    EDITOR = "editor"
    ADMIN = "admin"
    OWNER = "owner"


class Right(StrEnum):
    """Something that not everybody may do."""

    LOOK = "look"  # home, calendar, campaigns, editions, previews, reports with counts
    WRITE = "write"  # edit editions, write snippets, a test to oneself, ask for approval
    DECIDE_POSTS = "decide posts"  # held posts
    APPROVE = "approve"  # request changes, approve, reject
    PAUSE = "pause"  # what goes out
    MEND = "mend"  # resume, cancel, retry, resolve, run by hand, test to any address
    PLAN = "plan"  # campaigns, feeds, templates, public forms
    READERS = "readers"  # see addresses, search, add, import, export, end, suppress
    TRY_CHANNELS = "try channels"  # check and pause
    ERASE = "erase"  # lift a suppression, erase a person
    CHANNELS = "channels"  # connect, change, pace
    PEOPLE = "people"  # people, invitations, tokens, audit log, settings
    OWN = "own"  # owners, sign-in service, end of the workspace


_LOOKS = frozenset({Right.LOOK})
_AUTHOR = _LOOKS | {Right.WRITE, Right.DECIDE_POSTS}
_APPROVER = _LOOKS | {Right.APPROVE, Right.PAUSE}
_EDITOR = _AUTHOR | {
    Right.PAUSE,
    Right.MEND,
    Right.PLAN,
    Right.READERS,
    Right.TRY_CHANNELS,
}
_ADMIN = _EDITOR | {Right.APPROVE, Right.ERASE, Right.CHANNELS, Right.PEOPLE}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: _LOOKS,
    Role.AUTHOR: _AUTHOR,
    Role.APPROVER: _APPROVER,
    Role.EDITOR: _EDITOR,
    Role.ADMIN: _ADMIN,
    Role.OWNER: _ADMIN | {Right.OWN},
}
"""What each role may do."""


def rights_of(roles: Iterable[Role]) -> frozenset[Right]:
    """All that somebody with these roles may do.

    >>> Right.APPROVE in rights_of([Role.EDITOR])
    False
    >>> Right.APPROVE in rights_of([Role.EDITOR, Role.APPROVER])
    True
    """
    return frozenset().union(*(RIGHTS[role] for role in roles))


def roles_with(right: Right) -> tuple[Role, ...]:
    """The roles that have a right, the least first.

    >>> roles_with(Right.ERASE)
    (<Role.ADMIN: 'admin'>, <Role.OWNER: 'owner'>)
    """
    return tuple(role for role in Role if right in RIGHTS[role])
