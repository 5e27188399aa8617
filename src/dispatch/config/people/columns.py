"""The columns of a subscriber file: which is which, and what its cells mean."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import InvalidValueError, did_you_mean, quoted
from dispatch.config.values import simple as words
from dispatch.model.campaigns.cadence import read_cadence
from dispatch.model.people.subscriber import SUPPRESSED, SubscriptionState
from dispatch.model.text.plain_text import one_line

EMAIL = "email"
EMAIL_SPELLINGS = frozenset(
    {"email", "e_mail", "mail", "email_address", "e_mail_address", "emailaddress"}
    | {"adresse_email", "adresse_e_mail", "adresse_mail", "courriel", "adresse_de_courriel"}
)


def topics(cell: str) -> tuple[str, ...]:
    """The topics of a cell, split by |, each once."""
    return tuple(dict.fromkeys(one_line(part) for part in cell.split("|") if part.strip()))


def moment(cell: str) -> datetime:
    """A date or date and time in ISO form, in UTC; without an offset it is taken as UTC."""
    try:
        found = datetime.fromisoformat(cell)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        advice = "write it as 2026-01-31 or 2026-01-31T09:30:00+01:00"
        raise InvalidValueError(f"{quoted(cell)} is not a date", advice) from None


def state(cell: str) -> SubscriptionState:
    """Where the person's consent stands, as an export says; suppressed is as good as ended."""
    if cell.lower() == SUPPRESSED:
        return SubscriptionState.ENDED
    try:
        return SubscriptionState(cell.lower())
    except ValueError:
        advice = did_you_mean(cell.lower(), list(SubscriptionState))
        raise InvalidValueError(f"unknown state {quoted(cell)}", advice) from None


def cadence(cell: str) -> str:
    """How often somebody wants it, in our spelling; any other text as it is.

    >>> cadence("Each-post")
    'each post'
    """
    found = read_cadence(cell)
    return found.value if found else one_line(cell)


MEANINGS: Mapping[str, Callable[[str], Any]] = {
    EMAIL: checked_address,
    "name": one_line,
    "locale": words.locale,
    "timezone": words.timezone,
    "topics": topics,
    "cadence": cadence,
    "consented_at": moment,
    "consent_source": one_line,
    "state": state,
}
"""The columns we know, in the order of an export; any other is a field of its own."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The name of each column, in order; empty for one without a heading."""

    names: tuple[str, ...]

    @property
    def has_email(self) -> bool:
        """Whether this can be a subscriber file at all."""
        return EMAIL in self.names

    @property
    def repeated(self) -> str:
        """A name that stands over two columns, or empty."""
        number = Counter(name for name in self.names if name)
        return next((name for name in number if number[name] > 1), "")

    def is_row(self, cells: Sequence[str]) -> bool:
        """Whether cells look like a row under these columns: as many of them, and an address."""
        if len(cells) != len(self.names):
            return False
        try:
            checked_address(cells[self.names.index(EMAIL)])
        except InvalidValueError:
            return False
        return True


def columns_of(header: Sequence[str]) -> Columns:
    """What the first line names.

    >>> columns_of(["E-Mail", "Name", "Prénom usuel", "2026 gift"]).names
    ('email', 'name', 'prenom_usuel', 'field_2026_gift')
    """
    return Columns(tuple(map(_name, header)))


def _name(heading: str) -> str:
    """A heading as templates can say it after `subscriber.fields`."""
    letters = unicodedata.normalize("NFKD", heading.strip().casefold())
    plain = "".join(char for char in letters if not unicodedata.combining(char))
    name = re.sub(r"\W+", "_", plain).strip("_")[:64]
    if name in EMAIL_SPELLINGS:
        return EMAIL
    return name if not name or name.isidentifier() else f"field_{name}"
