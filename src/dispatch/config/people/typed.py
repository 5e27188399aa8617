"""What somebody of the team typed about one person, read as the cells of a file are."""

from collections.abc import Mapping
from typing import Any

from dispatch.config.files.problems import InvalidValueError
from dispatch.config.people.columns import MEANINGS, known_cadence

_MEANINGS = {**MEANINGS, "cadence": known_cadence}


def read_typed(said: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, InvalidValueError]]:
    """The values by the columns of a subscriber file, and what is wrong with the others.

    What is empty is left out of both.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, InvalidValueError] = {}
    for column, text in said.items():
        if not (cell := text.strip()):
            continue
        try:
            values[column] = _MEANINGS[column](cell)
        except InvalidValueError as error:
            wrong[column] = error
    return values, wrong
