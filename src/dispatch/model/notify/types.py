"""What can be told, and of what shape it is: a type keeps its shape, another shape is a new type.

`docs/reference/notifications.md` is made from this.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any


class Type(StrEnum):
    """The name of what has happened."""

    POST_ARRIVED = "post.arrived"
    POST_HELD = "post.held"
    EDITION_MADE = "edition.made"
    EDITION_APPROVED = "edition.approved"
    EDITION_FINISHED = "edition.finished"
    DELIVERY_FAILED = "delivery.failed"
    SUBSCRIBER_JOINED = "subscriber.joined"
    SUBSCRIBER_LEFT = "subscriber.left"
    PING = "test.ping"


ASKED_FOR = frozenset({Type.PING})
"""What is told because a person has asked for it, whatever a receiver wants to know."""

ADDRESS = "email"
"""The field that only receivers get whose `addresses` say so."""


@dataclass(frozen=True, slots=True)
class Shape:
    """When a type is told, and field by field what its data say: name to sentence and example."""

    when: str
    fields: Mapping[str, tuple[str, Any]]

    def example(self, *, addresses: bool = True) -> dict[str, Any]:
        """Its data, as they may look."""
        return {
            name: value for name, (_, value) in self.fields.items() if addresses or name != ADDRESS
        }


_POST: dict[str, tuple[str, Any]] = {
    "id": ("The post's number.", "812"),
    "feed": ("The feed's name in schedules.yaml.", "blog"),
    "title": ("Its headline, as the feed has it.", "Three years of the reading room"),
    "link": ("Where it can be read; may be empty.", "https://blog.example.org/reading-room"),
}
_EDITION: dict[str, tuple[str, Any]] = {
    "id": ("The edition's id.", "5b0c7ad1c2e94f0f9d6a8a7be3f1d240"),
    "campaign": ("Its campaign; null for a letter.", "weekly"),
    "letter": ("Whether it is a letter, which no schedule made.", False),
    "subject": ("Its subject, as it is now.", "Three years of the reading room"),
}
_PERSON: dict[str, tuple[str, Any]] = {
    "id": ("The reader's public id, as links and exports have it.", "9f1c2b7d4a6e4c0b"),
    "audience": ("The audience.", "readers"),
}
_EMAIL = {ADDRESS: ("The address, for receivers with `addresses: true` alone.", "ada@example.org")}

SHAPES: Mapping[Type, Shape] = MappingProxyType(
    {
        Type.POST_ARRIVED: Shape(
            "A feed has a new post, or somebody has released one that was held. What was in a feed"
            " before it was followed is no news.",
            _POST,
        ),
        Type.POST_HELD: Shape(
            "A new post looks like one from before, and waits for a person to decide.",
            {**_POST, "reason": ("Why it is held.", "looks like post 640, which has gone out")},
        ),
        Type.EDITION_MADE: Shape(
            "A run has made an edition, or a letter was handed in for approval. What greets who has"
            " just joined is told of by no notification.",
            {**_EDITION, "posts": ("How many posts are in it.", 4)},
        ),
        Type.EDITION_APPROVED: Shape(
            "An edition may go out: a person has approved it, its deadline did, or nobody had to."
            " After an edit it is told again, with another fingerprint.",
            {
                **_EDITION,
                "by": ("The handle of who has approved it; null where no person did.", "anna"),
                "fingerprint": ("What was approved, byte for byte.", "c1a5c2987b1f"),
                "goes_out": ("From when on it may go out.", "2026-03-03T08:00:00Z"),
            },
        ),
        Type.EDITION_FINISHED: Shape(
            "Of an edition that went out nothing is left to do. Deliveries that a person has"
            " tried again are a reason to tell it once more.",
            {
                **_EDITION,
                "deliveries": (
                    "State to how many of its deliveries are in it.",
                    {"accepted": 2814, "refused": 3},
                ),
            },
        ),
        Type.DELIVERY_FAILED: Shape(
            "A message of an edition was refused, or given up after its last attempt. What bounces"
            " later, or is in doubt, is none of these.",
            {
                "id": ("The delivery's number.", "4294968320"),
                "edition": ("The edition's id.", "5b0c7ad1c2e94f0f9d6a8a7be3f1d240"),
                "channel": ("The channel it was to go over.", "letters"),
                "state": ("`refused` or `failed`.", "refused"),
                "subscriber": ("The reader's public id; null for a snippet.", "9f1c2b7d4a6e4c0b"),
                **_EMAIL,
            },
        ),
        Type.SUBSCRIBER_JOINED: Shape(
            "Somebody's subscription to an audience begins, or begins anew: by a form, an import,"
            " the team, their own page, or as they took leaving back. Who ends a pause has not"
            " joined.",
            {**_PERSON, **_EMAIL},
        ),
        Type.SUBSCRIBER_LEFT: Shape(
            "Somebody's subscription to an audience has ended: by a link, one click, a mail, their"
            " page, the team, at the provider, or as they were erased. An address that bounces is"
            " suppressed, and has not left.",
            {**_PERSON, **_EMAIL},
        ),
        Type.PING: Shape(
            "Somebody tries whether a receiver can be reached.",
            {"receiver": ("The receiver's name in schedules.yaml.", "crm")},
        ),
    }
)


def matching(pattern: str) -> list[Type]:
    """The types that a receiver means by a pattern.

    >>> [one.value for one in matching("subscriber.*")]
    ['subscriber.joined', 'subscriber.left']
    """
    return [one for one in Type if one not in ASKED_FOR and fnmatchcase(one.value, pattern)]
