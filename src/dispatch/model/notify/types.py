"""What can be told, and of what shape it is: a type keeps its shape, another shape is a new type.

`docs/reference/notifications.md` is made from this.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
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


SCHEMA = "https://json-schema.org/draft/2020-12/schema"

_TEXT: Mapping[str, Any] = {"type": "string"}
_PERHAPS: Mapping[str, Any] = {"type": ["string", "null"]}
_NUMBER: Mapping[str, Any] = {"type": "integer", "minimum": 0}
_YES_OR_NO: Mapping[str, Any] = {"type": "boolean"}
_MOMENT: Mapping[str, Any] = {"type": "string", "format": "date-time"}
_NUMBERS: Mapping[str, Any] = {"type": "object", "additionalProperties": _NUMBER}


@dataclass(frozen=True, slots=True)
class Field:
    """What a field says, an example, and what its values are, as a JSON schema has it."""

    about: str
    example: Any
    values: Mapping[str, Any] = field(default_factory=lambda: _TEXT)


@dataclass(frozen=True, slots=True)
class Shape:
    """When a type is told, and field by field what its data say."""

    when: str
    fields: Mapping[str, Field]

    def example(self, *, addresses: bool = True) -> dict[str, Any]:
        """Its data, as they may look."""
        return {
            name: one.example for name, one in self.fields.items() if addresses or name != ADDRESS
        }

    def schema(self, type_: Type) -> dict[str, Any]:
        """The JSON schema of the body of a call; it may get more fields."""
        values = {
            name: {"description": one.about, **one.values} for name, one in self.fields.items()
        }
        always = [name for name in values if name != ADDRESS]
        body = {
            "type": {"const": type_.value},
            "timestamp": dict(_MOMENT),
            "data": {"type": "object", "properties": values, "required": always},
        }
        said = {"type": "object", "properties": body, "required": list(body)}
        return {"description": self.when, **said}


_POST: dict[str, Field] = {
    "id": Field("The post's number.", "812"),
    "feed": Field("The feed's name in schedules.yaml.", "blog"),
    "title": Field("Its headline, as the feed has it.", "Three years of the reading room"),
    "link": Field("Where it can be read; may be empty.", "https://blog.example.org/reading-room"),
}
_EDITION: dict[str, Field] = {
    "id": Field("The edition's id.", "5b0c7ad1c2e94f0f9d6a8a7be3f1d240"),
    "campaign": Field("Its campaign; null for a letter.", "weekly", _PERHAPS),
    "letter": Field("Whether it is a letter, which no schedule made.", False, _YES_OR_NO),
    "subject": Field("Its subject, as it is now.", "Three years of the reading room"),
}
_PERSON: dict[str, Field] = {
    "id": Field("The reader's public id, as links and exports have it.", "9f1c2b7d4a6e4c0b"),
    "audience": Field("The audience.", "readers"),
}
_EMAIL = {
    ADDRESS: Field("The address, for receivers with `addresses: true` alone.", "ada@example.org")
}

SHAPES: Mapping[Type, Shape] = MappingProxyType(
    {
        Type.POST_ARRIVED: Shape(
            "A feed has a new post, or somebody has released one that was held. What was in a feed"
            " before it was followed is no news.",
            _POST,
        ),
        Type.POST_HELD: Shape(
            "A new post looks like one from before, and waits for a person to decide.",
            {
                **_POST,
                "reason": Field("Why it is held.", "looks like post 640, which has gone out"),
            },
        ),
        Type.EDITION_MADE: Shape(
            "A run has made an edition, or a letter was handed in for approval. What greets who has"
            " just joined is told of by no notification.",
            {**_EDITION, "posts": Field("How many posts are in it.", 4, _NUMBER)},
        ),
        Type.EDITION_APPROVED: Shape(
            "An edition may go out: a person has approved it, its deadline did, or nobody had to."
            " After an edit it is told again, with another fingerprint.",
            {
                **_EDITION,
                "by": Field(
                    "The handle of who has approved it; null where no person did.", "anna", _PERHAPS
                ),
                "fingerprint": Field("What was approved, byte for byte.", "c1a5c2987b1f"),
                "goes_out": Field("From when on it may go out.", "2026-03-03T08:00:00Z", _MOMENT),
            },
        ),
        Type.EDITION_FINISHED: Shape(
            "Of an edition that went out nothing is left to do. Deliveries that a person has"
            " tried again are a reason to tell it once more.",
            {
                **_EDITION,
                "deliveries": Field(
                    "State to how many of its deliveries are in it.",
                    {"accepted": 2814, "refused": 3},
                    _NUMBERS,
                ),
            },
        ),
        Type.DELIVERY_FAILED: Shape(
            "A message of an edition was refused, or given up after its last attempt. What bounces"
            " later, or is in doubt, is none of these.",
            {
                "id": Field("The delivery's number.", "4294968320"),
                "edition": Field("The edition's id.", "5b0c7ad1c2e94f0f9d6a8a7be3f1d240"),
                "channel": Field("The channel it was to go over.", "letters"),
                "state": Field(
                    "`refused` or `failed`.", "refused", {"enum": ["refused", "failed"]}
                ),
                "subscriber": Field(
                    "The reader's public id; null for a snippet.", "9f1c2b7d4a6e4c0b", _PERHAPS
                ),
                ADDRESS: Field(
                    f"{_EMAIL[ADDRESS].about[:-1]}; null for a snippet.",
                    _EMAIL[ADDRESS].example,
                    _PERHAPS,
                ),
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
            {"receiver": Field("The receiver's name in schedules.yaml.", "crm")},
        ),
    }
)


def matching(pattern: str) -> list[Type]:
    """The types that a receiver means by a pattern.

    >>> [one.value for one in matching("subscriber.*")]
    ['subscriber.joined', 'subscriber.left']
    """
    return [one for one in Type if one not in ASKED_FOR and fnmatchcase(one.value, pattern)]
