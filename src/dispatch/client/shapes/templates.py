# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of templates."""

from typing import TypedDict


class Saved(TypedDict):
    """What became of a file."""

    changed: bool
    """Whether it says anything else now."""
    fingerprint: str
    """Of what it says now; it is the ETag, too."""


class SnippetTexts(TypedDict):
    """The snippets for one channel."""

    channel: str
    """The channel."""
    texts: list[str]
    """Their texts."""


class Source(TypedDict):
    """What a file is to say."""

    source: str
    """All of it."""


class TemplateFile(TypedDict):
    """One file of a template. The ETag is what saving it needs."""

    template: str
    """The template."""
    file: str
    """The name of the file."""
    source: str
    """What it says."""
    fingerprint: str
    """Of what it says; it is the ETag, too."""
    not_writable: str
    """Why it is not written from here; empty where it is."""


class TemplateShape(TypedDict):
    """A template."""

    name: str
    """Its name: a folder in templates/."""
    files: list[str]
    """Its files."""
    campaigns: list[str]
    """The campaigns that use it."""
    problem: str
    """Why it cannot be read; else empty."""


class TemplateTried(TypedDict):
    """What a template makes of the last edition that used it."""

    edition: str
    """The id of that edition."""
    subject: str | None
    """Of the digest; null: there is none."""
    html: str | None
    """The digest as HTML."""
    text: str | None
    """The digest as plain text."""
    snippets: list[SnippetTexts]
    """The snippets, by channel."""
