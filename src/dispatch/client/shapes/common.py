# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of several groups."""

from typing import Any, Literal, NotRequired, TypedDict


EditionState = Literal[
    "draft",
    "in review",
    "changes requested",
    "approved",
    "sending",
    "paused",
    "cancelled",
    "finished",
    "rejected",
]
"""Where an edition stands, as stored; `stage` has more words for people."""


class Decided(TypedDict):
    """An edition after something was decided about it."""

    id: str
    state: EditionState
    fingerprint: str
    """Of what it says now."""
    waits_until: str | None
    """When an approved one goes out, if that is later."""


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


class EditionApproval(TypedDict):
    """What was looked at."""

    fingerprint: str
    """Of the edition as it was looked at: one that says something else by now is not approved."""


class EditionRow(TypedDict):
    """An edition, or a slot that made none."""

    id: str | None
    """null: the slot made none."""
    run: str
    """The number of the run."""
    campaign: str | None
    """null: a letter."""
    letter: bool
    """Whether no schedule made it."""
    moment: str
    """The time that it is for."""
    manual: bool
    """Whether somebody had it made."""
    state: str
    """Where it stands, in one of the words of `state`."""
    skipped: str
    """Why there is none, or empty."""
    title: str
    """Its subject, or the title of its first post."""
    posts: int
    readers: int
    """0 before it was addressed."""
    reason: str
    """Why it was rejected, paused or cancelled."""
    note: str
    """What is to be changed, where somebody has asked for that."""
    approved_by: str
    ended_by: str
    deadline: str | None
    goes_out: str | None


class LookedAt(TypedDict):
    """A post that a run looked at."""

    id: str
    feed: str
    title: str
    link: str
    included: bool
    """Whether it is in the edition after all."""
    why: str


NotificationState = Literal["waiting", "delivered", "failed"]
"""Where a notification stands."""


class NotificationOf(TypedDict):
    """One thing that a receiver is told."""

    id: str
    event: str
    """The id that it is told under, at each attempt."""
    receiver: str
    type: str
    state: NotificationState
    made: str
    due: str | None
    """When it is tried next; null: no more."""
    attempt: int
    """How often it was tried."""
    delivered: str | None
    status: int
    """Of the last answer; 0: there was none."""
    reason: str
    """Why the last answer did not count, or empty."""
    body: dict[str, Any] | None
    """What it is told; null without the right `readers`, whom it may be about."""


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


class Replayed(TypedDict):
    """How many are told once more."""

    notifications: int


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


class UploadedPicture(TypedDict):
    """A picture that is kept."""

    mark: str
    """By which pieces name it."""
    kind: str
    """Its media type."""
    width: int
    """In pixels, as it is kept."""
    height: int
    address: str
    """Where anybody finds it."""


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
