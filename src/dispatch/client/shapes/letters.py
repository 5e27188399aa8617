# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of letters."""

from typing import NotRequired, TypedDict

from dispatch.client.shapes.common import EditionState


class Letter(TypedDict):
    """A letter as it is planned; what it says is shown as of any edition."""

    id: str
    state: EditionState
    fingerprint: str
    """Of what it says now: approval names it."""
    copy_of: str | None
    """The id of what it began as a copy of."""
    audience: str
    segment: str
    """The rule, or empty: all of the audience."""
    template: str
    via: list[str]
    leaves: str | None
    """By the clocks of the workspace; null: as soon as it is approved."""
    moment: str | None
    """The same in UTC."""
    tells: bool
    social: list[str]


class LetterChanges(TypedDict):
    """Whom a letter is for, and when; what is left out stays."""

    audience: NotRequired[str]
    segment: NotRequired[str | None]
    """Which of the audience: a rule, or the name of a saved one; empty: all."""
    template: NotRequired[str]
    via: NotRequired[list[str]]
    """The channel, and those that step in."""
    leaves: NotRequired[str | None]
    """When, by the clocks of the workspace; null: as soon as it is approved."""
    tells: NotRequired[bool | None]
    """Whether its posts count as told to readers, so that campaigns leave them out."""
    social: NotRequired[list[str] | None]
    """Channels on which it is told, too."""


class LetterReaders(TypedDict):
    """How many get it, if it went now."""

    readers: int
    """Who gets it."""
    suppressed: int
    """Who would, but gets no mail."""
    asked: int
    """Of how many this is so."""
    whole: bool
    """Whether those are all: larger audiences take too long."""


class NewLetter(TypedDict):
    """How a letter begins."""

    copy_of: NotRequired[str]
    """The id of an edition whose words and pieces it begins with; empty: none."""
