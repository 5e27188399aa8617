# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of several groups."""

from typing import Literal, NotRequired, TypedDict


DeliveryState = Literal[
    "pending",
    "sending",
    "accepted",
    "refused",
    "suppressed",
    "failed",
    "unknown",
]
"""Where one delivery stands; those of `ENDED` add up to the audience."""


class LookedAt(TypedDict):
    """A post that a run looked at."""

    id: str
    feed: str
    title: str
    link: str
    included: bool
    """Whether it is in the edition after all."""
    why: str


class PlanChanged(TypedDict):
    """What became of a change of schedules.yaml."""

    name: str
    """What was changed, by its name in the file."""
    changed: bool
    """Whether the file says anything else now, or would."""
    written: bool
    """Whether the file was written: false where nothing differs, and where the call was only to
    try.
    """
    fingerprint: str
    """The fingerprint of schedules.yaml as it is now. It is the ETag, too."""
    diff: list[str]
    """The lines that differ, with some around them; each begins with a space, -, + or @."""


Right = Literal[
    "look",
    "write",
    "decide posts",
    "approve",
    "pause",
    "mend",
    "plan",
    "readers",
    "try channels",
    "erase",
    "channels",
    "people",
    "own",
]
"""Something that not everybody may do."""


Role = Literal["viewer", "author", "approver", "editor", "admin", "owner"]
"""What somebody is in the team. A person has one or several, and their rights add up."""


class ShownRun(TypedDict):
    """A run with its posts."""

    id: str
    campaign: str
    slot: str
    """The wall-clock time that it is for."""
    timezone: str
    moment: str
    """The same as a moment."""
    started: str
    manual: bool
    """Whether somebody had it run."""
    outcome: str
    """Skipped, or where its edition stands."""
    skipped: str
    """Why it made no edition, or empty."""
    edition: str | None
    """The edition that it made."""
    posts: list[LookedAt]
    never_used: dict[str, int]
    """By reason: posts that no run will ever use."""


class SuppressionLine(TypedDict):
    """An address or a domain to which nothing goes."""

    id: str
    """Its part of an address."""
    target: str
    """An address, @example.org, or *.example.org for all below it."""
    reason: str
    source: str
    """Who said so."""
    since: str
    for_good: bool
    """Whether it takes `sure` to lift it: they have complained, or said never."""
    asked: NotRequired[str | None]
    """Since when they ask for it to be lifted."""


class VersionShape(TypedDict):
    """What a file said at one time."""

    id: str
    """Its id."""
    file: str
    """The file."""
    fingerprint: str
    """Of what it said."""
    by: str
    """Who wrote it, by their handle; empty: it was written beside the pages."""
    at: str
    """When."""


class VersionWhole(TypedDict):
    """A version with what it said."""

    id: str
    """Its id."""
    file: str
    """The file."""
    fingerprint: str
    """Of what it said."""
    by: str
    """Who wrote it, by their handle; empty: it was written beside the pages."""
    at: str
    """When."""
    source: str
    """What the file said."""
    diff: list[str]
    """What going back to it would change: lines that differ, with some around them."""
