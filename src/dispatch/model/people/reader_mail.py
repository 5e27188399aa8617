"""Mails to somebody about their own affairs, such as the one in which they confirm."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dispatch.model.campaigns.campaign import Publisher
from dispatch.model.delivery.single_mail import SingleMail
from dispatch.model.editions.picture import Picture

TEMPLATE = "confirm"
"""The template of those that no form has another one for."""

MOST_A_DAY = 3
"""To one address, whoever asks for them: a form is no means to fill somebody's mailbox."""


class Topic(StrEnum):
    """What a reader's mail is about."""

    CONFIRM = "confirm"  # somebody has filled in a form: was it they?
    REMIND = "remind"  # the same once more
    ALREADY = "already"  # who filled it in has been a reader for long
    PREFERENCES = "preferences"  # the link to what they may choose
    NEW_ADDRESS = "new address"  # to it: is it theirs?
    MOVED = "moved"  # to the old one: it is not used any more

    @property
    def name_in_templates(self) -> str:
        """How a template, and the names of its words, say it: `new_address`."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderMail(SingleMail):
    """One of them. `subject_id` is the public id of what it is about.

    That is a sign-up, a change of address, or the reader. `via` is the channel.
    """

    about: Topic
    subject_id: str
    audience: str
    form: str
    locale: str
    via: str

    @property
    def message_id(self) -> str:
        """What receivers know a repeat by: the same for each attempt, and for no other mail."""
        return f"{self.subject_id}.reader-mail-{self.id}"


@dataclass(frozen=True, slots=True)
class ReaderMailContent:
    """All that the texts of one are made of.

    `sources` are the template's files, `letters` what the reader calls the letters it is about.
    `link` is where they do what it is about, and holds `until` then; either may be missing.
    """

    topic: Topic
    template: str
    sources: Mapping[str, str]
    publisher: Publisher
    email: str
    locale: str = ""
    letters: tuple[str, ...] = ()
    link: str = ""
    until: datetime | None = None
    pictures: Mapping[str, Picture] = field(default_factory=dict)
