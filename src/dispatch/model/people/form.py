"""Forms by which people join, as the workspace describes them."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

KNOWN_FIELDS = ("name", "topics", "cadence", "locale", "timezone")
"""What a form may ask for that means something to dispatch; any other name is the team's own."""

CHOSEN_BY_US = ("name", "cadence", "timezone")
"""Those whose choices are known or free, so that no file names any."""

HONEYPOT = "leave_empty"
"""A field that no person sees, and that programs fill in."""

RESERVED = frozenset({"email", "agree", "token", "return", "proof", "lang", HONEYPOT})
"""What forms post beside their fields."""

BY_LINK = "link in a mail"
UNCONFIRMED = "unconfirmed"
"""How we know that somebody has filled in a form themselves, as it goes on record."""

PER_HOUR = 1_000
"""Sign-ups that a form takes in an hour, whoever they are from, where nobody names a number. More
than most letters get in a year; and as many strangers at most get a mail that they never asked
for, should somebody with many networks fill it in."""

VALID_FOR = timedelta(days=7)
"""How long the link in which somebody confirms holds."""

KEPT_FOR = timedelta(days=30)
"""Then what nobody has confirmed is forgotten."""


class Confirm(StrEnum):
    """How we know that an address belongs to who filled in the form."""

    DOUBLE = "double"  # they press a button behind a link in a mail
    SINGLE = "single"  # not at all


@dataclass(frozen=True, slots=True)
class FormField:
    """What a form asks for beside the address; `choices` where it is one or some of them."""

    name: str
    label: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it means something to dispatch."""
        return self.name in KNOWN_FIELDS

    @property
    def takes_several(self) -> bool:
        """Whether more than one of its choices may be chosen."""
        return self.name == "topics" and bool(self.choices)


@dataclass(frozen=True, slots=True)
class Form:
    """One form. `consent` is the text that people agree to, `via` the channel of its mails.

    Where `consent` is empty, it is a sentence of ours; `privacy` is the address of a page about
    what is kept.

    `welcome` is the campaign whose latest edition they get once they have confirmed, or empty;
    `remind` is after how long they are reminded, once. `returns` are the addresses of other sites
    to which it may lead back, `origins` those whose scripts may post it. `refuse` are domains, and
    parts of addresses before the @, that it does not take.
    """

    name: str
    audiences: tuple[str, ...]
    consent: str = ""
    title: str = ""
    about: str = ""
    fields: tuple[FormField, ...] = ()
    confirm: Confirm = Confirm.DOUBLE
    via: str = ""
    template: str = "confirm"
    welcome: str = ""
    remind: timedelta | None = None
    returns: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    proof_of_work: bool = False
    refuse: tuple[str, ...] = ()
    privacy: str = ""
    per_hour: int = PER_HOUR

    @property
    def wording(self) -> str:
        """The id of the text that people agree to: another one for each other text."""
        return wording_of(self.consent)

    def refuses(self, email: str) -> bool:
        """Whether an address is one of those that the team does not want.

        >>> Form("news", ("readers",), refuse=("mailinator.com", "noreply")).refuses(
        ...     "no-one@eu.mailinator.com"
        ... )
        True
        """
        local, _, domain = email.lower().rpartition("@")
        labels = domain.split(".")
        above = {".".join(labels[start:]) for start in range(len(labels))}
        return not above.isdisjoint(self.refuse) or local.partition("+")[0] in self.refuse


def wording_of(text: str) -> str:
    """The id of a text that people agree to; empty where there is none."""
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""
