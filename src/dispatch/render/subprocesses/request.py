"""What both sides of a rendering process know: what is asked, and what is kept there."""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.model.editions.edition import EditionContent

CONTENTS = 8
"""The contents that the process keeps: those that it was told of last."""

KEPT = 20.0
"""Seconds for which the process waits for the next request."""


@dataclass(frozen=True, slots=True)
class Request:
    """Something to do, within so many seconds.

    What is about an edition names it by its number; the content is there the first time.
    """

    task: str
    seconds: float
    number: int
    content: EditionContent | None
    args: tuple[object, ...]
    more: Mapping[str, object]
