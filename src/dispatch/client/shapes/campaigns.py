# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of campaigns."""

from typing import Any, Literal, NotRequired, TypedDict


class BriefPost(TypedDict):
    """A post by its title."""

    id: str
    """Its id."""
    feed: str
    """The name of its feed."""
    title: str
    """Its title."""
    why: str
    """Why it is in, or not."""


CampaignPatch = dict[str, Any]
"""A merge patch (RFC 7396) of a campaign's keys: null takes one out, what is left out stays."""


class CampaignShape(TypedDict):
    """A campaign in a list."""

    name: str
    """Its name."""
    title: str
    """What readers call it."""
    family: str | None
    """The campaign of the file that it is one cadence of; null: it has no cadences."""
    cadence: str | None
    """Which cadence."""
    feeds: list[str]
    """The names of its feeds."""
    when: str
    """When it runs, in words; empty: only when a person starts it."""
    next_run: str | None
    """The next moment that its schedule names."""
    approval_needed: bool
    """Whether somebody has to approve its editions."""
    audience: str | None
    """Whom its digest goes to."""
    readers: int | None
    """How many there are in the audience, as last counted."""
    templates: list[str]
    """The templates it uses."""
    channels: list[str]
    """The channels it uses."""
    archive: str
    """Whether its editions are pages, too."""


class NextRun(TypedDict):
    """A slot to come."""

    slot: str
    """The wall-clock time and the zone."""
    moment: str
    """The same as a moment."""
    edition: str | None
    """The id of its edition, where that is made ahead."""


class CampaignWhole(TypedDict):
    """A campaign with its plan and what comes next. The ETag is that of schedules.yaml."""

    name: str
    """Its name."""
    title: str
    """What readers call it."""
    family: str | None
    """The campaign of the file that it is one cadence of; null: it has no cadences."""
    cadence: str | None
    """Which cadence."""
    feeds: list[str]
    """The names of its feeds."""
    when: str
    """When it runs, in words; empty: only when a person starts it."""
    next_run: str | None
    """The next moment that its schedule names."""
    approval_needed: bool
    """Whether somebody has to approve its editions."""
    audience: str | None
    """Whom its digest goes to."""
    readers: int | None
    """How many there are in the audience, as last counted."""
    templates: list[str]
    """The templates it uses."""
    channels: list[str]
    """The channels it uses."""
    archive: str
    """Whether its editions are pages, too."""
    next_runs: list[NextRun]
    """The next six slots."""
    plan: dict[str, Any] | None
    """What schedules.yaml says of it (of its family, where it is one cadence), with the keys of
    that file; null where the token has not the right 'plan'.
    """
    line: int | None
    """Where it begins in the file."""


class NeverIn(TypedDict):
    """Why posts are in no edition."""

    why: str
    """The reason."""
    posts: int
    """How many."""


class NewCampaign(TypedDict):
    """A campaign to make."""

    name: str
    """Its name in schedules.yaml; not `new`."""
    plan: dict[str, Any]
    """Its keys, as schedules.yaml has them below `campaigns.<name>`: title, feeds, posts,
    schedule, approval, email, social, archive, cadences.
    """


class RehearsalShape(TypedDict):
    """What a run would come to now; nothing of it is kept."""

    made: bool
    """Whether there would be an edition."""
    skipped: str
    """Why there would be none; else empty."""
    subject: str
    """The subject of its digest; or empty."""
    posts: list[BriefPost]
    """The posts that would be in it."""
    left: list[BriefPost]
    """Those that would not, and why."""
    recipients: dict[str, int]
    """Channel to how many messages would go."""
    problems: list[str]
    """What would go wrong, a sentence each."""


class RunMade(TypedDict):
    """What a run by hand came to."""

    edition: str | None
    """The id of the edition; null: there is none."""
    skipped: str
    """Why there is none; else empty."""
    problems: list[str]
    """What went wrong on the way, a sentence each."""


class SimulatedRunShape(TypedDict):
    """What a slot would have come to by the plan as it is now."""

    slot: str
    """The wall-clock time and the zone."""
    moment: str
    """The same as a moment."""
    skipped: str
    """Why there would have been no edition; else empty."""
    posts: list[BriefPost]
    """The posts of the edition."""
    waiting: int
    """How many posts would have been left for later."""
    edition: str | None
    """The id of the edition that there really was."""


class SimulationShape(TypedDict):
    """The last weeks by the plan as it is now."""

    runs: list[SimulatedRunShape]
    """The slots in order."""
    editions: int
    """How many would have made an edition."""
    published: int
    """How many posts those would have had."""
    never: list[NeverIn]
    """Why other posts are in none."""


class SkipBody(TypedDict):
    """Why a slot is left out."""

    reason: NotRequired[str]
    """Why, for the record."""


class SlotShape(TypedDict):
    """A slot, and what its edition would have now, while it is to come."""

    kind: Literal["past", "waiting", "planned", "left out"]
    """past: it had its run; waiting: its edition is made and has not gone out; planned: it is
    to come; left out: its day is.
    """
    campaign: str
    """The campaign."""
    title: str
    """What readers call it."""
    slot: str
    """The wall-clock time and the zone."""
    moment: str
    """The same as a moment."""
    leaves: str | None
    """When its first message leaves, or did."""
    state: str
    """planned, skipped, or where its edition stands."""
    why: str
    """Why it made no edition; else empty."""
    edition: str | None
    """The id of its edition."""
    channels: list[str]
    """Over which channels."""
    made: str | None
    """When its edition is made; null: it is over."""
    posts: list[BriefPost]
    """The posts that would be in it now; at most 50."""
    left: list[BriefPost]
    """Those that would not, and why; at most 50."""
    why_none: str
    """Why there would be no edition now; else empty."""
