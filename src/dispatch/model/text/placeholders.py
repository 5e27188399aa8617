"""Texts with placeholders: what all readers of a variant get, and where their own values go in."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Place(Enum):
    """Where a placeholder stands, which decides how its value is written there."""

    PLAIN = "plain text"
    HTML = "text of an HTML document"
    ATTRIBUTE = "attribute of an HTML document, in double quotes"


_PLAIN, _HTML = Place.PLAIN, Place.HTML


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One place for the value called `name`."""

    name: str
    place: Place


PlaceholderText = tuple[str | Placeholder, ...]
"""Texts and placeholders by turns, in the order of reading."""


def write_value(value: str, place: Place) -> str:
    """The value as it is written there.

    As an HTML document is written out (HTML standard, 13.3, "escaping a string"). Each mail has
    some; most hold nothing to escape, which `replace` notices sooner than `translate`.

    >>> write_value('"A" & <B>', Place.ATTRIBUTE)
    '&quot;A&quot; &amp; <B>'
    """
    if place is _PLAIN:
        return value
    value = value.replace("&", "&amp;").replace("\xa0", "&nbsp;")
    if place is _HTML:
        return value.replace("<", "&lt;").replace(">", "&gt;")
    return value.replace('"', "&quot;")


def fill(text: PlaceholderText, values: Mapping[str, str]) -> str:
    """The text for one reader.

    >>> fill(("Hello ", Placeholder("name", Place.HTML), "!"), {"name": "A & B"})
    'Hello A &amp; B!'
    """
    return "".join(
        part if isinstance(part, str) else write_value(values[part.name], part.place)
        for part in text
    )


def placeholder_names(*texts: PlaceholderText) -> list[str]:
    """The names of the placeholders, each once, in the order of reading."""
    return list(
        dict.fromkeys(part.name for text in texts for part in text if isinstance(part, Placeholder))
    )
