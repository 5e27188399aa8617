"""Advice that more than one room gives."""

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Advice for a word nobody knows: the closest one, else all there are.

    >>> did_you_mean("timezon", ["at", "timezone"])
    "did you mean 'timezone'?"
    >>> did_you_mean("colour", ["at", "timezone"])
    'known are: at, timezone'
    """
    choices = sorted(known)
    close = difflib.get_close_matches(word, choices, n=1)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"known are: {', '.join(choices)}" if choices else "there is none yet"
