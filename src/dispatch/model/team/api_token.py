"""A token by which a program speaks to the API, in the name of who made it."""

import re
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.model.team.person import Person
from dispatch.model.team.role import Right, Role, rights_of

PREFIX = "dsp_"
"""How each begins: who finds one in a file, person or scanner, knows what it is."""

RANDOM_LETTERS = 32
"""190 bits, which nobody guesses."""

CHECK_LETTERS = 6
"""A checksum of the rest: a scanner can tell a token from what only looks like one, and we can
answer who makes them up without asking the database
(https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/)."""

HINT_LETTERS = 8
"""What is kept of it as it is, so that somebody can tell which it is: four letters of the 32."""

TOKEN = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{RANDOM_LETTERS + CHECK_LETTERS}}}")
"""What one looks like."""

PERIODS = (365, 90, 30)
"""For how many days one can hold. None holds for good: it would be in some script long after all
have forgotten it."""

LONGEST_NAME = 80
"""In characters, of what is said to use one."""

WARNED = timedelta(days=14)
"""So long before its end it is said that it ends."""

USED_EVERY = timedelta(minutes=10)
"""How often it is noted that one is in use: a call that reads changes nothing."""

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """What is known of one. `person` made it; `hint` is how it begins."""

    id: int
    name: str
    hint: str
    roles: tuple[Role, ...]
    person: Person
    made: datetime
    ends: datetime
    last_used: datetime | None = None
    last_network: str = ""
    revoked: datetime | None = None
    revoked_by: str = ""

    @property
    def rights(self) -> frozenset[Right]:
        """What it may do: never more than who made it may do now."""
        return rights_of(self.roles) & self.person.rights

    def holds(self, now: datetime) -> bool:
        """Whether it opens anything: not revoked, not over, and its maker is in the team."""
        return self.revoked is None and now < self.ends and self.person.ended is None

    def ends_soon(self, now: datetime) -> bool:
        """Whether somebody should make another one."""
        return self.holds(now) and self.ends - now <= WARNED


def new_api_token(choose: Callable[[str], str]) -> str:
    """A new one; `choose` gives one of the letters, such as `secrets.choice`."""
    letters = "".join(choose(_LETTERS) for _ in range(RANDOM_LETTERS))
    return f"{PREFIX}{letters}{_check(letters)}"


def is_api_token(text: str) -> bool:
    """Whether a text can be one, by its shape and its checksum.

    >>> is_api_token(new_api_token(lambda letters: letters[7]))
    True
    >>> is_api_token("dsp_" + 38 * "7")
    False
    """
    if not TOKEN.fullmatch(text):
        return False
    return _check(text[len(PREFIX) : -CHECK_LETTERS]) == text[-CHECK_LETTERS:]


def needed(roles: Collection[Role], of: Person) -> tuple[Role, ...]:
    """The roles whose rights somebody lacks to make a token with them.

    >>> ada = Person(id=1, handle="ada", name="", email="", roles=(Role.EDITOR,))
    >>> needed([Role.VIEWER, Role.APPROVER], of=ada)
    (<Role.APPROVER: 'approver'>,)
    """
    return tuple(role for role in roles if not rights_of([role]) <= of.rights)


def _check(letters: str) -> str:
    number = zlib.crc32(letters.encode())
    digits = []
    for _ in range(CHECK_LETTERS):
        number, digit = divmod(number, len(_LETTERS))
        digits.append(_LETTERS[digit])
    return "".join(reversed(digits))
