# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of audit."""

from typing import Any, TypedDict


class AuditLine(TypedDict):
    """What somebody did."""

    id: str
    at: str
    by: str
    """Their handle."""
    act: str
    kind: str
    """What it was done to."""
    subject: str
    """Which of them, by id or name."""
    detail: dict[str, Any]
    """What else there is to say."""
    origin: str
    """From where."""
