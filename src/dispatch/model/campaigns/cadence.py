"""How often a reader wants a family of campaigns, and which campaign writes to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Cadence(StrEnum):
    """How often something comes; the words of the file, of readers, and of the database."""

    EACH_POST = "each post"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


def read_cadence(text: str) -> Cadence | None:
    """The cadence that a text names, in any case and with any sign between its words.

    >>> read_cadence("Each-Post")
    <Cadence.EACH_POST: 'each post'>
    """
    word = " ".join(text.lower().replace("-", " ").replace("_", " ").split())
    return next((cadence for cadence in Cadence if cadence.value == word), None)


def chosen_cadence(word: str, default: Cadence, offered: tuple[Cadence, ...]) -> Cadence:
    """The cadence that somebody gets who wants `word`: the default, where that is not offered."""
    return next((cadence for cadence in offered if cadence.value == word), default)


@dataclass(frozen=True, slots=True)
class CadenceOffer:
    """The place of a campaign in its family: for which readers its editions are.

    Frozen in an edition, so that approval pins who gets it.
    """

    family: str
    cadence: Cadence
    default: Cadence
    offered: tuple[Cadence, ...]

    @property
    def is_default(self) -> bool:
        """Whether it is also for those who chose nothing that is offered."""
        return self.cadence is self.default

    @property
    def is_choice(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.offered) > 1

    @property
    def others(self) -> tuple[Cadence, ...]:
        """What else a reader could have chosen."""
        return tuple(cadence for cadence in self.offered if cadence is not self.cadence)

    def takes(self, word: str) -> bool:
        """Whether it is for readers who want `word`, which may be anything.

        >>> weekly = CadenceOffer("letter", Cadence.WEEKLY, Cadence.WEEKLY, (Cadence.WEEKLY,))
        >>> weekly.takes("daily")
        True
        """
        return chosen_cadence(word, self.default, self.offered) is self.cadence


@dataclass(frozen=True, slots=True)
class Offered:
    """What the readers of a family could choose from, since when."""

    default: Cadence
    offered: tuple[Cadence, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class Family:
    """Campaigns that tell the same posts to one audience, each at its own cadence.

    `campaigns` has the name of the campaign of each cadence that is offered, in the order in which
    readers see them.
    """

    name: str
    title: str
    audience: str
    default: Cadence
    campaigns: Mapping[Cadence, str]

    @property
    def offered(self) -> tuple[Cadence, ...]:
        """What readers can choose from."""
        return tuple(self.campaigns)


def campaign_name(family: str, cadence: Cadence) -> str:
    """What the campaign of a family that has this cadence is called.

    >>> campaign_name("letter", Cadence.EACH_POST)
    'letter-each-post'
    """
    return f"{family}-{cadence.value.replace(' ', '-')}"


def affected_words(known: Sequence[Offered], offer: CadenceOffer) -> set[str]:
    """The words whose readers get something else than before, as the family's offer has changed.

    `offer` is what holds for the edition in question; an empty word stands for all that is no
    cadence.
    """
    states = [CadenceOffer(offer.family, offer.cadence, one.default, one.offered) for one in known]
    words = ("", *(cadence.value for cadence in Cadence))
    return {word for word in words if len({state.takes(word) for state in (*states, offer)}) > 1}
