"""Templates, as the API tells of them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from dispatch.render.templates.files import MOST_BYTES
from dispatch.web.api.cursors import Listed

_FILE = Field(description="The name of the file.", examples=["digest.mjml"])


class TemplateShape(BaseModel):
    """A template."""

    name: str = Field(description="Its name: a folder in templates/.", examples=["weekly"])
    files: list[str] = Field(
        description="Its files.", examples=[["digest.mjml", "digest.txt", "subject.txt"]]
    )
    campaigns: list[str] = Field(description="The campaigns that use it.", examples=[["weekly"]])
    problem: str = Field(description="Why it cannot be read; else empty.")


class Templates(Listed[TemplateShape]):
    """A page of templates, by name."""


class TemplateFile(BaseModel):
    """One file of a template. The ETag is what saving it needs."""

    template: str = Field(description="The template.", examples=["weekly"])
    file: str = _FILE
    source: str = Field(description="What it says.", examples=["{{ edition.title }}"])
    fingerprint: str = Field(description="Of what it says; it is the ETag, too.")
    not_writable: str = Field(description="Why it is not written from here; empty where it is.")


class Source(BaseModel):
    """What a file is to say."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(
        description="All of it.", max_length=MOST_BYTES, examples=["{{ edition.title }}\n"]
    )


class Saved(BaseModel):
    """What became of a file."""

    changed: bool = Field(description="Whether it says anything else now.")
    fingerprint: str = Field(description="Of what it says now; it is the ETag, too.")


class SnippetTexts(BaseModel):
    """The snippets for one channel."""

    channel: str = Field(description="The channel.", examples=["mastodon"])
    texts: list[str] = Field(description="Their texts.", examples=[["Open on Monday"]])


class TemplateTried(BaseModel):
    """What a template makes of the last edition that used it."""

    edition: str = Field(description="The id of that edition.")
    subject: str | None = Field(description="Of the digest; null: there is none.")
    html: str | None = Field(description="The digest as HTML.")
    text: str | None = Field(description="The digest as plain text.")
    snippets: list[SnippetTexts] = Field(description="The snippets, by channel.")


class VersionShape(BaseModel):
    """What a file said at one time."""

    id: str = Field(description="Its id.", examples=["3"])
    file: str = Field(description="The file.", examples=["schedules.yaml"])
    fingerprint: str = Field(description="Of what it said.")
    by: str = Field(
        description="Who wrote it, by their handle; empty: it was written beside the pages.",
        examples=["ada"],
    )
    at: datetime = Field(description="When.")


class Versions(Listed[VersionShape]):
    """Versions, the newest first; there is no next page."""


class VersionWhole(VersionShape):
    """A version with what it said."""

    source: str = Field(description="What the file said.")
    diff: list[str] = Field(
        description="What going back to it would change: lines that differ, with some around them."
    )


class WentBack(BaseModel):
    """What became of going back."""

    changed: bool = Field(description="Whether the file says anything else now.")
    fingerprint: str = Field(description="Of what it says now.")
