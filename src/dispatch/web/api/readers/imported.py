"""Files of people as programs say and see them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from dispatch.model.people.refusal import Merge
from dispatch.model.people.upload import UploadState
from dispatch.web.api.moments import Moment

MOST_ROWS = 10_000
"""Of people said as JSON; more of them are a file."""

MOST_COLUMNS = 200


class FileQuery(BaseModel):
    """What is said of a file."""

    model_config = ConfigDict(extra="forbid")

    audience: str = Field(description="Into which it is to bring people.", max_length=200)
    name: str = Field(default="people.csv", description="What the file is called.", max_length=100)
    merge: Merge | None = Field(
        default=None, description="What it does to what is known; left out: as schedules.yaml says."
    )
    ground: str = Field(
        default="",
        description="How those agreed of whom the file does not say it.",
        max_length=1_000,
    )


class ImportRow(BaseModel):
    """One person, as a file says it; other columns are in `fields`."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(max_length=1_000, examples=["ada@example.org"])
    name: str = Field(default="", max_length=1_000, examples=["Ada"])
    locale: str = Field(default="", max_length=100, examples=["fr"])
    timezone: str = Field(default="", max_length=100, examples=["Europe/Paris"])
    topics: list[str] = Field(default_factory=list, max_length=100, examples=[["ai"]])
    cadence: str = Field(default="", max_length=100, examples=["weekly"])
    consented_at: Moment | None = Field(default=None, examples=["2026-03-02T08:00:00Z"])
    consent_source: str = Field(default="", max_length=1_000, examples=["the fair"])
    fields: dict[str, str] = Field(default_factory=dict, max_length=50, examples=[{"city": "Oslo"}])


class ImportRows(BaseModel):
    """People, as rows."""

    model_config = ConfigDict(extra="forbid")

    audience: str = Field(max_length=200, examples=["readers"])
    rows: list[ImportRow] = Field(min_length=1, max_length=MOST_ROWS)
    merge: Merge | None = Field(default=None, examples=[None])
    ground: str = Field(default="", max_length=1_000, examples=["members of the association"])


class LookAgain(BaseModel):
    """How a file is to be read instead; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    audience: str | None = Field(default=None, max_length=200, examples=["readers"])
    columns: dict[str, str] | None = Field(
        default=None,
        description="Heading to what its column is taken for; the others stay as they were found.",
        max_length=MOST_COLUMNS,
        examples=[{"Mail": "email"}],
    )
    merge: Merge | None = Field(default=None, examples=[None])
    ground: str | None = Field(default=None, max_length=1_000, examples=["the fair"])


class BringIn(BaseModel):
    """That a file is to be brought in as it was looked at."""

    model_config = ConfigDict(extra="forbid")

    new: int = Field(description="How many it would bring, as it was looked at.", examples=[2])
    ground: str = Field(
        default="",
        description="How those agreed of whom the file does not say it; empty: as said before.",
        max_length=1_000,
        examples=["members of the association"],
    )


class ImportColumn(BaseModel):
    """A column of a file."""

    heading: str
    first: str = Field(description="What is in its first cell.")
    taken_for: str = Field(examples=["email"])
    said: str = Field(description="What somebody said that it is, if they did.")


class RefusedRows(BaseModel):
    """Rows that do not count, by the reason."""

    why: str = Field(examples=["wrong_address"])
    number: int
    first: list[tuple[int, str]] = Field(description="The first of them: the line, and what it is.")


class Import(BaseModel):
    """A file of people, which is kept for a day: how far it is, and what was found in it."""

    id: str
    name: str
    by: str
    state: UploadState = Field(
        description="looked: it waits for a decision.", examples=[UploadState.LOOKED]
    )
    audience: str
    merge: str = Field(description="Empty: as schedules.yaml says.")
    ground: str
    made: datetime
    ends: datetime = Field(description="When it is forgotten.")
    done: int = Field(description="Rows that are through with what is being done.")
    total: int
    readable: bool
    rows: int
    new: int = Field(description="Who would come in; once it is done, who has.")
    changed: int
    unchanged: int
    refused: list[RefusedRows]
    columns: list[ImportColumn]
    problems: list[str] = Field(description="Sentences about what is wrong with it.")
