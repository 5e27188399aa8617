"""What schedules.yaml may say of a column of a subscriber file."""

from collections.abc import Mapping
from typing import Any

from dispatch.config.files.problems import InvalidValueError, did_you_mean, quoted
from dispatch.model.people.subscriber import SubscriptionState

IGNORE = "ignore"
STANDING = ("state", "subscribed", "unsubscribed")
PROFILE = (
    *("email", "name", "locale", "timezone", "topics", "cadence"),
    *("consented_at", "consent_source"),
)
RULES = (IGNORE, *STANDING, *PROFILE)
"""What a column may be: something else that is kept as a field, who may be mailed, one of ours."""

STATES = [one for one in SubscriptionState if one is not SubscriptionState.PAUSED]
"""What a word of a column may say: a pause is the reader's own, and no file begins one."""

Words = Mapping[str, SubscriptionState]
Rule = str | Words
"""One of RULES, or what each word of the column says."""
Rules = Mapping[str, Rule]
"""Heading to what schedules.yaml says of it."""


def column_rule(value: Any) -> Rule:
    """What a column is, or what its words mean.

    >>> column_rule({"Y": "active"})["Y"].value
    'active'
    """
    if isinstance(value, dict) and value:
        return {_cell(cell): _state(cell, word) for cell, word in value.items()}
    if isinstance(value, str) and value in RULES:
        return value
    problem = f"{quoted(value)} is nothing that a column can be"
    advice = did_you_mean(value if isinstance(value, str) else "", RULES)
    raise InvalidValueError(problem, f"{advice}; or its words, such as {{Y: active, N: ended}}")


def _cell(cell: Any) -> str:
    # YAML reads true and 1 as something else than text; in the file they are text.
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def _state(cell: Any, word: Any) -> SubscriptionState:
    if isinstance(word, str) and word in STATES:
        return SubscriptionState(word)
    problem = f"{quoted(cell)} cannot mean {quoted(word)}"
    raise InvalidValueError(problem, did_you_mean(str(word), STATES))
