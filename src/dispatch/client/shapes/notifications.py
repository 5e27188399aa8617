# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of notifications."""

from typing import TypedDict


class ReplayedNotifications(TypedDict):
    """What is to be told once more."""

    ids: list[str]
