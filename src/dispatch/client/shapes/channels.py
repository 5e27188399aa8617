# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of channels."""

from typing import Any, Literal, NotRequired, TypedDict


class PacePatch(TypedDict):
    """How fast it may go; null takes a limit out."""

    per_second: NotRequired[float | None]
    """Messages a second."""
    per_day: NotRequired[int | None]
    """Messages a day."""
    connections: NotRequired[int | None]
    """Connections or calls at once."""


class ChannelPatch(TypedDict):
    """What is to be another; what is left out stays."""

    options: NotRequired[dict[str, Any] | None]
    """A merge patch (RFC 7396) of its options: null takes one out. A secret is told by
    env:NAME.
    """
    pace: NotRequired[PacePatch | None]
    """A merge patch of its pace."""
    anyway: NotRequired[bool]
    """Save it also where trying it fails."""


class CheckShape(TypedDict):
    """What trying a channel last came to."""

    at: str
    """When."""
    by: str
    """Who asked for it, by their handle."""
    account: str
    """Who we are there."""
    problem: str
    """What is wrong; empty where all is well."""


class StopShape(TypedDict):
    """Why nothing leaves over a channel."""

    until: str | None
    """Until when; null: until a person lets it go on."""
    reason: str
    """Why."""


class ChannelShape(TypedDict):
    """A channel, and how it stands."""

    name: str
    """Its name."""
    provider: str
    """The name of its provider."""
    carries: list[str]
    """What it takes."""
    state: Literal["stopped", "waits", "check failed", "ready", "no access", "ends soon"]
    """One word for how it stands."""
    problem: str
    """Why its provider is not there; else empty."""
    stop: StopShape | None
    """Why nothing leaves over it, if so."""
    check: CheckShape | None
    """What trying it last came to."""
    waiting: int
    """Messages planned over it and not handed over."""
    used_today: int
    """Messages handed over today."""
    per_day: int | None
    """How many may go in a day; null: no limit."""
    posted_this_month: int
    """Posts made in this calendar month."""
    posts_per_month: int | None
    """How many it may make; null: no limit."""
    max_text: int | None
    """Characters that a text may have; null: no limit."""
    access: str | None
    """How long its account lets us in: none, fine, soon, ended or stuck; null where that never
    ends.
    """
    access_ends: str | None
    """When that ends, where it is known."""
    campaigns: list[str]
    """The campaigns that use it."""


class FindingShape(TypedDict):
    """Something that the doctor found."""

    kind: str
    """stop, look or fine."""
    name: str
    """What it is about."""
    values: dict[str, Any]
    """What it names."""


class ExaminationShape(TypedDict):
    """What the doctor found of a channel, the worst first."""

    at: str
    """When."""
    by: str
    """Who asked for it, by their handle."""
    findings: list[FindingShape]
    """What was found."""


class ChannelWhole(TypedDict):
    """A channel with its options. The ETag is that of schedules.yaml."""

    name: str
    """Its name."""
    provider: str
    """The name of its provider."""
    carries: list[str]
    """What it takes."""
    state: Literal["stopped", "waits", "check failed", "ready", "no access", "ends soon"]
    """One word for how it stands."""
    problem: str
    """Why its provider is not there; else empty."""
    stop: StopShape | None
    """Why nothing leaves over it, if so."""
    check: CheckShape | None
    """What trying it last came to."""
    waiting: int
    """Messages planned over it and not handed over."""
    used_today: int
    """Messages handed over today."""
    per_day: int | None
    """How many may go in a day; null: no limit."""
    posted_this_month: int
    """Posts made in this calendar month."""
    posts_per_month: int | None
    """How many it may make; null: no limit."""
    max_text: int | None
    """Characters that a text may have; null: no limit."""
    access: str | None
    """How long its account lets us in: none, fine, soon, ended or stuck; null where that never
    ends.
    """
    access_ends: str | None
    """When that ends, where it is known."""
    campaigns: list[str]
    """The campaigns that use it."""
    options: dict[str, Any]
    """Its options as the file has them; a secret is env:NAME or file:PATH."""
    pace: dict[str, Any]
    """Its pace: per_second, connections."""
    hook: str
    """The address where its service calls us back; or empty."""
    examined: ExaminationShape | None
    """What the doctor last found."""


class Disconnected(TypedDict):
    """Whether a channel's access was ended."""

    ended: bool
    """false: there was none."""


class NewChannel(TypedDict):
    """A channel to connect."""

    name: str
    """Its name in schedules.yaml."""
    provider: str
    """The name of its provider."""
    options: NotRequired[dict[str, Any]]
    """What the provider wants to know, as schedules.yaml has it below `options`. A secret is
    told by the name of an environment variable (env:NAME); a file is named only in the file
    itself.
    """
    pace: NotRequired[PacePatch | None]
    """How fast it may go."""
    anyway: NotRequired[bool]
    """Save it also where trying it fails."""


class PauseBody(TypedDict):
    """Why nothing is to leave."""

    reason: str
    """Why, for the record."""
