"""Arguments that several commands check alike."""

from datetime import datetime

DAY = "%Y-%m-%d"
"""How a day is written."""


def check_order(first: datetime | None, last: datetime | None) -> None:
    """Raise BadInput where --to is before --from."""
    from dispatch.errors import BadInput

    if first and last and last < first:
        problem = f"{last:{DAY}} is before {first:{DAY}}"
        raise BadInput([f"--to: {problem} - give the earlier day to --from"])


def checked_address(text: str) -> str:
    """An e-mail address in the form in which it is kept; raises BadInput where it is none."""
    from dispatch.config import addresses
    from dispatch.config.problems import InvalidValueError
    from dispatch.errors import BadInput

    try:
        return addresses.checked_address(text)
    except InvalidValueError as error:
        raise BadInput([error]) from error
