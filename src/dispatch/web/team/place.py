"""An address of the team's pages: who may, what answers, and how much may be posted to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from dispatch.model.editions.uploaded import MOST_BYTES
from dispatch.model.team.role import Right

if TYPE_CHECKING:
    from dispatch.web.team.visit import Visit

Handler = Callable[["Visit"], Response]

FORM_BYTES = 256 * 1024
"""What a form of the team's pages says at most: words of an edition, a template, a plan."""

LIST_BYTES = 5_100_000
"""A list of feeds, and what stands around it in a form."""

PICTURE_BYTES = MOST_BYTES + 500_000
"""A picture for a piece, and what stands around it in a form."""

FILE_BYTES = 50 * 1024 * 1024
"""A file of people."""


@dataclass(frozen=True, slots=True)
class Place:
    """`right` is what somebody needs who asks; None: nothing, not even to be signed in.

    A `slow` one waits for others, such as a mail server, and holds up no change meanwhile.
    """

    method: str
    path: str
    handler: Handler
    right: Right | None
    slow: bool = False
    most_bytes: int = FORM_BYTES
