# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of standing."""

from typing import NotRequired, TypedDict

from dispatch.client.shapes.common import UploadedPicture


class StandingChanges(TypedDict):
    """What comes from now on; what is left out stays. Editions that have a copy keep it."""

    text: NotRequired[str | None]
    """A heading, a text in Markdown, or a link's label."""
    address: NotRequired[str | None]
    """Where a link or a picture leads."""
    picture: NotRequired[str | None]
    """The mark of an uploaded picture."""
    alt: NotRequired[str | None]
    """What the picture shows."""
    decorates: NotRequired[bool | None]
    """Whether the picture only decorates, and says nothing."""
    campaigns: NotRequired[list[str]]
    """In whose editions; (letter) is for letters."""
    until: NotRequired[str | None]
    """The last day; one to come takes up anew what rests."""
    after: NotRequired[int | None]
    """How many posts are read before it."""


class StandingPieceOf(TypedDict):
    """A piece that comes again, and until when."""

    id: str
    kind: str
    text: str
    address: str
    picture: UploadedPicture | None
    alt: str
    decorates: bool
    campaigns: list[str]
    """In whose editions; (letter) is for letters."""
    until: str
    """The last day."""
    after: int
    """How many posts are read before it."""
    rests: bool
    """Whether its last day is over."""
    made_by: str
    made: str
    changed_by: str
    changed: str | None
