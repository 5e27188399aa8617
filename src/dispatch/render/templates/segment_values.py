"""What a segment sees of a person beside their columns: when they joined, where they are."""

import operator
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from dispatch.model.people.field_names import name_of
from dispatch.model.people.segment import PROFILE
from dispatch.model.people.subscriber import Subscriber, email_key

_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


class NotADayError(ValueError):
    """Something is compared with a day that is none."""


@lru_cache(maxsize=256)
def checked_day(text: object) -> str:
    """A day, a month or a year as it is written; raises NotADayError for anything else."""
    if isinstance(text, str) and _DAY.fullmatch(text):
        try:
            date.fromisoformat(f"{text}-01-01"[:10] if len(text) < 10 else text)
        except ValueError:
            pass
        else:
            return text
    advice = "write it like joined >= '2026-01-31', '2026-01' or '2026'"
    raise NotADayError(f"{str(text)[:40]!r} is no day - {advice}")


class Joined:
    """The day on which somebody joined, in UTC; compared with a day, a month or a year.

    >>> day = Joined(datetime(2026, 3, 14))
    >>> day >= "2026-03-14", day > "2026-03", day == "2026-03", day.before("2026-04")
    (True, False, True, True)
    """

    __slots__ = ("_day",)

    def __init__(self, at: datetime | None) -> None:
        self._day = at.isoformat()[:10] if at else ""

    def before(self, day: object) -> bool:
        """Whether it was before such a day, month or year began."""
        return self < day

    def after(self, day: object) -> bool:
        """Whether it was once such a day, month or year was over."""
        return self > day

    def __lt__(self, other: object) -> bool:
        return self._is(operator.lt, other)

    def __le__(self, other: object) -> bool:
        return self._is(operator.le, other)

    def __gt__(self, other: object) -> bool:
        return self._is(operator.gt, other)

    def __ge__(self, other: object) -> bool:
        return self._is(operator.ge, other)

    def __eq__(self, other: object) -> bool:
        return self._is(operator.eq, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._day)

    def __bool__(self) -> bool:
        return bool(self._day)

    def __str__(self) -> str:
        return self._day

    def _is(self, compare: Callable[[str, str], bool], day: object) -> bool:
        # As much of our day as theirs says: so a month is one as a whole.
        theirs = checked_day(day)
        return bool(self._day) and compare(self._day[: len(theirs)], theirs)


class Domain(str):
    """The part of an address after the @, to which capital letters are nothing.

    >>> domain = Domain.of("Ada@Example.org")
    >>> domain == "EXAMPLE.org", domain in ["example.ORG"], domain.endswith(".Org")
    (True, True, True)
    """

    __slots__ = ()

    @classmethod
    def of(cls, email: str) -> "Domain":
        """That of an address."""
        return cls(email_key(email).rpartition("@")[2])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and str(self) == other.lower()

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return super().__hash__()

    def __contains__(self, other: object) -> bool:
        return isinstance(other, str) and other.lower() in str(self)

    def startswith(self, other: str | tuple[str, ...], *rest: int) -> bool:  # type: ignore[override]
        """Whether it begins so."""
        return str(self).startswith(_lower(other), *rest)

    def endswith(self, other: str | tuple[str, ...], *rest: int) -> bool:  # type: ignore[override]
        """Whether it ends so."""
        return str(self).endswith(_lower(other), *rest)


def _lower(text: str | tuple[str, ...]) -> str | tuple[str, ...]:
    return text.lower() if isinstance(text, str) else tuple(map(str.lower, text))


def has_of(subscriber: Subscriber) -> Callable[[str], bool]:
    """Whether something is known of a person: a column of the team's own, or one of ours."""

    def has(name: str) -> bool:
        fields = subscriber.fields
        if found := fields.get(name) or fields.get(_as_kept(name)):
            return bool(found)
        return name in PROFILE and bool(getattr(subscriber, name))

    return has


@lru_cache(maxsize=256)
def _as_kept(name: str) -> str:
    return name_of(name)
