# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of texts."""

from typing import TypedDict


class PreviewedText(TypedDict):
    """What readers get of it."""

    html: str
    text: str
    """The same without HTML."""
    words: int


class WrittenText(TypedDict):
    """A text in Markdown."""

    text: str
