"""A compiled variant of an edition's digest, as a value: what whoever fills it in needs to know.

It is made by `compile_variant.py`, with templates and all. This imports none of that.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from dispatch.model.people.profile import Profile
from dispatch.model.people.topics import topics_of
from dispatch.model.text.placeholders import PlaceholderText
from dispatch.model.text.plain_text import one_line, printable

TOKEN = "token"  # noqa: S105 - the slot's name
"""What ends the address of the way out; made for each reader."""

CHOICE_TOKEN = "choice-token"  # noqa: S105 - the slot's name
"""What ends the address where a reader chooses all that concerns them."""

FIELD = "fields."
"""What the names of a reader's own columns begin with."""


@dataclass(frozen=True, slots=True)
class Room:
    """A text of limited length: its placeholders, as often as they are, and the room they share."""

    names: tuple[str, ...]
    most: int


@dataclass(frozen=True, slots=True)
class CompiledDigest:
    """A digest for every reader of one variant.

    Its slots are named like `name`, `email`, `fields.city`, TOKEN and CHOICE_TOKEN. A reader whose
    values do not fit one of the `rooms` would get a shortened line, and is not for this form.
    """

    subject: PlaceholderText
    html: PlaceholderText
    text: PlaceholderText
    rooms: tuple[Room, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a template was found to look at in a reader, by the names of the values.

    Those in `printed` it prints or asks whether they are empty; with those in `exact` it does more.
    """

    printed: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CompiledVariant:
    """What came of compiling: a digest, or why there is none; and what is known to be read now.

    `differs` says that the digest would not have said what rendering says.
    """

    reading: Reading
    digest: CompiledDigest | None = None
    reason: str = ""
    differs: bool = False


def is_line(value: str) -> bool:
    """Whether a value is printed as one line: where lines end changes how texts are tidied."""
    return one_line(value) == value


def has_room(rooms: Sequence[Room], names: Sequence[str], values: Sequence[str]) -> bool:
    """Whether the values fit where the length of a line is limited."""
    lengths = {name: len(value) for name, value in zip(names, values, strict=True)}
    return all(sum(lengths[name] for name in room.names) <= room.most for room in rooms)


def reader_of(name: str) -> Callable[[Profile], str]:
    """Reads a text as templates see it (`view_subscriber`)."""
    if name == "name":
        return lambda one: one_line(one.name)
    if name == "email":
        return lambda one: one_line(one.email)
    key = name.removeprefix(FIELD)
    return lambda one: printable(one.fields.get(key, ""))


def exact_reader_of(name: str) -> Callable[[Profile], Hashable]:
    """Reads a value that tells variants apart."""
    if name == "locale":
        return lambda one: one.locale
    if name == "topics":
        return lambda one: topics_of(one.topics)  # else each order would be a variant
    if name == "cadence":
        return lambda one: one.cadence
    return reader_of(name)
