"""Pieces, which the team writes, as programs see and write them."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from dispatch.model.editions.letter import LETTERS
from dispatch.model.editions.piece import (
    MOST_ADDRESS,
    MOST_LINE,
    MOST_WORDS,
    Piece,
    PieceKind,
    PiecePicture,
)
from dispatch.model.editions.standing import MOST_CAMPAIGNS, Again
from dispatch.model.editions.uploaded import address_of

MARK = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"


class UploadedPicture(BaseModel):
    """A picture that is kept."""

    mark: str = Field(description="By which pieces name it.", examples=[MARK])
    kind: str = Field(description="Its media type.", examples=["image/jpeg"])
    width: int = Field(description="In pixels, as it is kept.", examples=[1200])
    height: int = Field(examples=[800])
    address: str = Field(
        description="Where anybody finds it.",
        examples=[f"https://news.example.org/pictures/{MARK}.jpg"],
    )


class PieceOf(BaseModel):
    """A piece of an edition."""

    id: str = Field(examples=["p7f3c"])
    kind: PieceKind
    text: str = Field(description="A heading, a text in Markdown, or a link's label.")
    address: str = Field(description="Where a link or a picture leads, or empty.")
    picture: UploadedPicture | None
    alt: str = Field(description="What a picture shows.")
    decorates: bool = Field(description="Whether a picture only decorates.")
    fingerprint: str = Field(description="Of what it says, wherever it stands.")
    standing: str | None = Field(
        description="The number of the standing piece that it is a copy of.", examples=[None]
    )


class AgainIn(BaseModel):
    """That a piece comes again, as it is then, in each new edition until a day."""

    model_config = ConfigDict(extra="forbid")

    until: date = Field(description="The last day.", examples=["2026-12-24"])
    campaigns: list[str] = Field(
        description=f"In whose editions; {LETTERS} is for letters.",
        min_length=1,
        max_length=MOST_CAMPAIGNS,
        examples=[["weekly"]],
    )


class PieceWords(BaseModel):
    """What a piece is to say: what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(
        default=None,
        description="A heading, a text in Markdown, or a link's label.",
        max_length=MOST_WORDS,
    )
    address: str | None = Field(
        default=None,
        description="Where a link or a picture leads.",
        max_length=MOST_ADDRESS,
        examples=["https://example.org/page"],
    )
    picture: str | None = Field(
        default=None,
        description="The mark of an uploaded picture.",
        pattern="^[0-9a-f]{64}$",
        examples=[MARK],
    )
    alt: str | None = Field(
        default=None, description="What the picture shows.", max_length=MOST_LINE
    )
    decorates: bool | None = Field(
        default=None, description="Whether the picture only decorates, and says nothing."
    )


def written(was: Piece, said: PieceWords) -> Piece:
    """The piece with what was said of it."""
    return Piece(
        id=was.id,
        kind=was.kind,
        text=was.text if said.text is None else said.text,
        address=was.address if said.address is None else said.address,
        # Of one that is kept only the mark is asked: its other figures are read by that.
        picture=was.picture if said.picture is None else PiecePicture(said.picture, "", 0, 0),
        alt=was.alt if said.alt is None else said.alt,
        decorates=was.decorates if said.decorates is None else said.decorates,
    )


def again_in(said: AgainIn | None) -> Again | None:
    """The same as use cases want it."""
    return Again(said.until, tuple(said.campaigns)) if said else None


def piece_shown(piece: Piece, public_url: str) -> PieceOf:
    """All that a program is told of it."""
    return PieceOf(
        id=piece.id,
        kind=piece.kind,
        text=piece.text,
        address=piece.address,
        picture=picture_shown(piece.picture, public_url) if piece.picture else None,
        alt=piece.alt,
        decorates=piece.decorates,
        fingerprint=piece.fingerprint,
        standing=str(piece.standing) if piece.standing else None,
    )


def picture_shown(picture: PiecePicture, public_url: str) -> UploadedPicture:
    """All that a program is told of a picture."""
    return UploadedPicture(
        mark=picture.mark,
        kind=picture.kind,
        width=picture.width,
        height=picture.height,
        address=address_of(picture, public_url),
    )
