"""Forms by which people join, as the workspace describes them."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

KNOWN_FIELDS = ("name", "topics", "cadence", "locale", "timezone")
"""What a form may ask for that means something to dispatch; any other name is the team's own."""

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


@dataclass(frozen=True, slots=True)
class Form:
    """One form. `consent` is the text that people agree to, `via` the channel of its mails.

    `welcome` is the campaign whose latest edition they get once they have confirmed, or empty;
    `remind` is after how long they are reminded, once. `returns` are the addresses of other sites
    to which it may lead back, `origins` those whose scripts may post it.
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

    @property
    def wording(self) -> str:
        """The id of the text that people agree to: another one for each other text."""
        return wording_of(self.consent)


def wording_of(text: str) -> str:
    """The id of a text that people agree to; empty where there is none."""
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""
