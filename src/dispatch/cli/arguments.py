"""Arguments that several commands check alike."""

import getpass
import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dispatch.model.editions.edition import OwnSnippet


def _named(by: str) -> str:
    """Who decides: somebody who was named, or else whoever is logged in."""
    if by:
        return by
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a number without a name, as in many containers
        return f"user {os.getuid()}"


By = Annotated[
    str, typer.Option("--by", help="Who decides.", show_default="your login", callback=_named)
]
"""Who decides, for the record: every command has it that is somebody's decision."""

DAY = "%Y-%m-%d"
"""How a day is written."""


def day(text: str) -> datetime:
    """A day, at its midnight; raises BadParameter where it is none."""
    try:
        return datetime.strptime(text, DAY)  # noqa: DTZ007 - a day has no zone of its own
    except ValueError:
        advice = "write year, month and day, such as 2026-11-30"
        raise typer.BadParameter(f"{text!r} is not a day - {advice}") from None


def check_order(
    first: datetime | None, last: datetime | None, *, now: datetime | None = None
) -> None:
    """Raise BadInput where --to is before --from; `now` is the end where --to is left out.

    Midnight of `first` may be a day ahead of `now` by UTC, and today all the same in some zone.
    """
    from dispatch.errors import BadInput

    if first and not last and now and first.date() > now.date() + timedelta(days=1):
        raise BadInput([f"--from: {first:{DAY}} is still to come - say --to, too: a later day"])
    if first and last and last < first:
        problem = f"{last:{DAY}} is before {first:{DAY}}"
        raise BadInput([f"--to: {problem} - give the earlier day to --from"])


def checked_address(text: str) -> str:
    """An e-mail address in the form in which it is kept; raises BadInput where it is none."""
    from dispatch.config.files import addresses
    from dispatch.config.files.problems import InvalidValueError
    from dispatch.errors import BadInput

    try:
        return addresses.checked_address(text)
    except InvalidValueError as error:
        raise BadInput([error]) from error


def own_snippet(text: str) -> "OwnSnippet":
    """A snippet that somebody writes; raises BadParameter where it names no channel."""
    from dispatch.model.editions.edition import OwnSnippet

    place, equals, said = text.partition("=")
    channel, _, part = place.strip().partition(":")
    if not equals or not channel:
        raise typer.BadParameter("write CHANNEL=TEXT, or CHANNEL:POST=TEXT")
    return OwnSnippet(channel, part.strip(), said)
