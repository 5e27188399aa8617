# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of exports."""

from typing import NotRequired, TypedDict


class Exported(TypedDict):
    """Whom a file is to have: those of an audience, or just these."""

    audience: NotRequired[str]
    state: NotRequired[str]
    """Of an audience those who stand so: active, paused, ended, suppressed."""
    ids: NotRequired[list[str]]
    """Their ids, instead of an audience."""
